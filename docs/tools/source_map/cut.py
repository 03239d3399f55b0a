"""Cut a Python file into regions, and note what each calls and uses."""

import ast
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from tools.source_map import Region, SourceMap

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
First = ast.Import | ast.ImportFrom | ast.Expr  # an expression, since a docstring may stand before imports
ROUTE = re.compile(r"routes\.(get|post|put|patch|delete|head|options)\('(.+?)'")


def cut(source: str, file: str = "", repo: str = "", tag: str = "", commit: str = "") -> SourceMap:
    """Map a file: a whole stands before its parts.

    It is `imports`, then definitions, with decorators and comments right above, and paragraphs of other
    statements (`#1` …). A definition that holds functions is cut again, with a `#header` for its first lines.
    """
    tree, lines = ast.parse(source), source.removesuffix("\n").split("\n")
    sums = [hashlib.sha256(line.encode()).hexdigest()[:8] for line in lines]
    rest = list(itertools.dropwhile(lambda node: isinstance(node, First), tree.body))
    parts = _parts(rest, None, "", (1, len(lines)), lines)
    result = SourceMap(file, repo, tag, commit, sums, {region.id: region for region in parts})
    full_names = {bound: full for node in ast.walk(tree) for bound, full, _ in _imports(node)}
    for region in result.innermost():
        inside = [n for n in ast.walk(tree) if region.start <= getattr(n, "lineno", 0) <= region.end]
        calls, uses = _calls(inside), _uses(inside, full_names)
        result.regions[region.id] = replace(region, calls=calls, uses=uses)
    return result


def _parts(
    body: list[ast.stmt], whole: Region | None, name: str, place: tuple[int, int], lines: list[str]
) -> Iterator[Region]:
    """Cut the lines from the first to the last of `place`, which hold the statements of `body`."""
    parent = whole.id if whole else None
    count = itertools.count(1)
    firsts = list(_first_lines(body, lines))
    ends = [*(line - 1 for line, _ in firsts), place[1]]
    head = (f"{name}#header", "statement") if whole else ("imports", "imports")
    if code_end := _code_end(place[0], ends[0], lines):
        yield Region(*head, parent, place[0], code_end, ends[0])
    for (start, node), end in zip(firsts, ends[1:], strict=True):
        code_end = _code_end(start, end, lines)
        if isinstance(node, Definition):
            part = f"{name}.{node.name}" if whole else node.name
            region = Region(*_title(node, part, whole), parent, start, code_end, end, _params(node))
            yield region
            if any(isinstance(inner, Function) for inner in node.body):
                yield from _parts(node.body, region, part, (start, end), lines)
        else:
            yield Region(f"{name}#{next(count)}", "statement", parent, start, code_end, end)


def _first_lines(body: list[ast.stmt], lines: list[str]) -> Iterator[tuple[int, ast.stmt]]:
    """Say where each definition and paragraph starts, with decorators and the comments right above."""
    for before, node in zip([None, *body], body, strict=False):
        line: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        while line > 1 and lines[line - 2].startswith(" " * node.col_offset + "#"):
            line -= 1
        alone = isinstance(node, Definition) or not before or isinstance(before, Definition)
        if alone or not lines[line - 2].strip():
            yield line, node


def _code_end(start: int, end: int, lines: list[str]) -> int:
    """Return the last of these lines that is not blank, or 0."""
    return next((number for number in range(end, start - 1, -1) if lines[number - 1].strip()), 0)


def _title(node: Definition, name: str, whole: Region | None) -> tuple[str, str]:
    """Return the id and the kind of a definition; a route is called by its method and path."""
    for decorator in node.decorator_list:
        if route := ROUTE.match(ast.unparse(decorator)):
            return f"{route[1].upper()} {route[2]}", "route"
    if isinstance(node, ast.ClassDef):
        return name, "class"
    return name, "function" if not whole else "method" if whole.kind == "class" else "nested"


def _params(node: Definition) -> list[str]:
    """Return the names of a function's parameters."""
    return [argument.arg for argument in node.args.args] if isinstance(node, Function) else []


def _calls(nodes: list[ast.AST]) -> list[str]:
    """Return what they call; a decorator is called too."""
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    called += [
        d for node in nodes for d in getattr(node, "decorator_list", []) if not isinstance(d, ast.Call)
    ]
    return sorted(set(map(_dotted, called)))


def _uses(nodes: list[ast.AST], full_names: dict[str, str]) -> list[str]:
    """Return what they use of other modules, and what they import."""
    uses = {module for node in nodes for _, _, module in _imports(node)}
    shorter = {node.value for node in nodes if isinstance(node, ast.Attribute)}  # `os.path` in `os.path.join`
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and node not in shorter:
            name = _dotted(node)
            root = re.split(r"\W", name, maxsplit=1)[0]
            if root in full_names:
                uses.add(full_names[root] + name.removeprefix(root))
    return sorted(uses)


def _imports(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Say which names an import binds, what each stands for, and what is imported."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            name = module + alias.name
            first = name if module else name.partition(".")[0]  # `import a.b` binds `a`
            yield (alias.asname, name, name) if alias.asname else (first.rpartition(".")[2], first, name)


def _dotted(node: ast.AST) -> str:
    """Return what is called as the code says it, without arguments: `open().read`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{_dotted(node.value)}.{node.attr}"
        case ast.Call():
            return f"{_dotted(node.func)}()"
        case ast.Subscript():
            return f"{_dotted(node.value)}[]"
        case ast.Constant():
            return f"<{type(node.value).__name__}>"
    return "?"
