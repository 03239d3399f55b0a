"""Imports point downwards, as MAY_IMPORT has it, and never in a circle."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tools.model import Project

OURS = ("snippets", "playground", "source", "tools", "tests")
# What each may import of ours, the innermost package first.
MAY_IMPORT = {
    "snippets.recreation": ("snippets.recreation",),
    "snippets": ("snippets",),
    "playground": ("snippets", "playground"),
    "source": ("source", "tools"),
    "tools": ("snippets", "playground", "source", "tools"),  # the build calls source, which asks the maps
    "tests": OURS,
}
PAGES = ("docs/zh/", "docs/en/")
IMPORTING = (ast.Import, ast.ImportFrom, ast.Call)
IN_THE_PAGE = ("docs/playground/python/", "docs/playground/shims/")  # imports late: aiohttp is a download


@dataclass(frozen=True)
class Import:
    """One import of a module of ours."""

    line: int
    module: str
    nested: bool


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which imports point up or run in a circle, and what else reaches a module by a path of its own."""
    files = {file.relative_to(project.root).as_posix(): file for file in python_files(project)}
    wanted = None if only is None else {*(f"snippets/{path}" for path in project.files("*.py", only))}
    for path, file in files.items():
        if wanted is None or path in wanted or file == project.proof_file(only or ""):
            yield from file_problems(path, file)
    if only is None:
        yield from circles(files)


def python_files(project: Project) -> list[Path]:
    """Return all modules of the four trees; not what tools leave behind in folders with a leading dot."""
    found = [
        file for folder in ("docs", "snippets", "tests") for file in (project.root / folder).rglob("*.py")
    ]
    hidden = (".", "node_modules")
    return sorted(
        f for f in found if not any(p.startswith(hidden) for p in f.relative_to(project.root).parts)
    )


def module_name(path: str) -> str:
    """Return the name under which a file is imported."""
    name = path.removeprefix("docs/").removesuffix(".py").removesuffix("/__init__")
    return name.replace("/", ".")


def file_problems(path: str, file: Path) -> Iterator[str]:
    """Say what one file imports that it must not."""
    if path.startswith(PAGES):
        yield f"{path}: docs/zh and docs/en hold pages, no code"
        return
    name = module_name(path)
    package = next(p for p in MAY_IMPORT if within(name, p))
    by_line = {found.line: found for found in reversed(imports(path, file))}  # one message a statement
    for found in by_line.values():
        if not any(within(found.module, allowed) for allowed in MAY_IMPORT[package]):
            yield (
                f"{path}:{found.line}: imports {found.module}; "
                f"{package} may import only {', '.join(MAY_IMPORT[package])}"
            )
        if found.nested and not path.startswith(IN_THE_PAGE):
            yield f"{path}:{found.line}: imports {found.module} inside a function; import it at the top"
    for line in path_edits(file):
        yield f"{path}:{line}: edits sys.path; the editable install has `snippets`, `tools` … on it"


def within(module: str, package: str) -> bool:
    """Return whether a module is a package or stands in it."""
    return module == package or module.startswith(f"{package}.")


def imports(path: str, file: Path) -> list[Import]:
    """Return what a file imports of ours, by statement or by a name handed to `import_module`."""
    return [
        Import(node.lineno, module, nested)
        for node, nested in imports_in(ast.parse(file.read_text("utf-8")))
        for module in imported(path, node)
        if module.partition(".")[0] in OURS
    ]


def imports_in(node: ast.AST, nested: bool = False) -> Iterator[tuple[ast.stmt | ast.expr, bool]]:
    """Yield what may import, and whether it stands in a function."""
    if isinstance(node, IMPORTING):
        yield node, nested and not isinstance(node, ast.Call)
    inside = nested or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        yield from imports_in(child, inside)


def imported(path: str, node: ast.AST) -> list[str]:
    """Return the modules that a node imports; for `from a import b` also `a.b`, which may be one."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            package = module_name(path).split(".")
            above = package[: len(package) - level + path.endswith("/__init__.py")] if level else []
            base = ".".join([*above, *([module] if module else [])])
            return [base, *(f"{base}.{alias.name}" for alias in names)]
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]):
            return [name] if ast.unparse(func).endswith("import_module") else []
    return []


def path_edits(file: Path) -> Iterator[int]:
    """Yield the lines that change `sys.path`."""
    text = file.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if "sys.path" in text else ():
        targets: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            targets = [node.func.value] if node.func.attr in ("append", "insert", "extend", "remove") else []
        elif isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        for target in targets:
            bare = target.value if isinstance(target, ast.Subscript) else target
            if ast.unparse(bare) == "sys.path":
                yield target.lineno


def circles(files: dict[str, Path]) -> Iterator[str]:
    """Say which modules import one another in a circle."""
    names = {module_name(path): path for path in files}
    graph = {
        name: {found.module for found in imports(path, files[path]) if found.module in names} - {name}
        for name, path in names.items()
    }
    # A package is loaded before its modules anyway: `from package import module` is no arrow to the package.
    for name, targets in graph.items():
        targets -= {target for target in targets if within(name, target)}
    while True:
        try:
            TopologicalSorter(graph).prepare()
            return
        except CycleError as error:
            circle: list[str] = error.args[1]
            yield f"{' ← '.join(circle)}: a circle of imports; move what both need into a module of its own"
            graph[circle[1]].discard(circle[0])
