"""Which lines of the original a shown part of the re-creation corresponds to: a page shows both side by side.

Nothing is listed here: a docstring names its source, `build_routes` the route of a handler, and what is left
has the same name in both.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from tools.model import MARKER, ROOT, Page
from tools.source_map import Region, SourceMap, source_maps

FOLDER = "recreation/"
CITED = re.compile(r"Source:\s+ComfyUI\s+v[\d.]+,\s+(\S+\.py)\s+(\d[\d–]*(?:\s+and\s+[\d–]+)*)\.")
LINES = re.compile(r"(\d+)(?:–(\d+))?")
BLANK = hashlib.sha256(b"").hexdigest()[:8]
PART = {"zh": "{} 的一部分", "en": "part of {}"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Span(NamedTuple):
    """Lines of a mapped file, and which of our names correspond to which of its regions."""

    file: str
    first: int
    last: int
    names: tuple[str, ...]


def mark(path: str, section: str | None) -> str:
    """Return the attribute of a block that shows a section of the re-creation, for `browser/source.js`."""
    key = f"{path.removeprefix(FOLDER)}:{section}"
    return f'data-original="{key}"' if path.startswith(FOLDER) and spans(key, "en") else ""


def of_page(page: Page) -> dict[str, list[list[Any]]]:
    """Return what the scripts know of each such block of a page: address, lines and names."""
    keys = [
        include.removeprefix(FOLDER)
        for section in page.sections
        for include in section.includes
        if include.startswith(FOLDER)
    ]
    found = {key: spans(key, page.language) for key in keys}
    return {
        key: [
            [maps()[file].address(f"L{first}-L{last}"), first, last, list(dict.fromkeys(names))]
            for file, first, last, names in parts
        ]
        for key, parts in found.items()
        if parts
    }


@cache
def spans(key: str, language: str) -> list[Span]:
    """Return the original's lines for `server.py:send`, in order; what only blank lines part is one span."""
    file, _, section = key.partition(":")
    found: list[Span] = []
    for name, node in shown(file, section):
        found += spans_of(file, name, node, language)
    joined: list[Span] = []
    for span in sorted(found):
        if joined and touch(joined[-1], span):
            before = joined.pop()
            span = Span(span.file, before.first, max(before.last, span.last), before.names + span.names)
        joined.append(span)
    return joined


def touch(before: Span, after: Span) -> bool:
    """Say whether two spans overlap, or follow one another."""
    between = maps()[before.file].lines[before.last : after.first - 1]
    return before.file == after.file and set(between) <= {BLANK}


def shown(file: str, section: str) -> Iterator[tuple[str, Definition]]:
    """Yield each function and class that begins in a section, by its full name."""
    text = (ROOT / "snippets" / FOLDER / file).read_text("utf-8")
    marks = {m.groups(): text.count("\n", 0, m.start()) + 1 for m in MARKER.finditer(text)}
    for name, node in definitions(ast.parse(text)):
        if marks["start", section] < node.lineno < marks["end", section]:
            yield name, node


def definitions(parent: ast.AST, prefix: str = "") -> Iterator[tuple[str, Definition]]:
    """Yield the functions and classes of a module and of its classes."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, Definition):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from definitions(node, f"{prefix}{node.name}.")


def spans_of(file: str, name: str, node: Definition, language: str) -> Iterator[Span]:
    """Yield where a definition of ours stands in the original: nowhere, at one place, or at several."""
    cited = CITED.search(ast.get_docstring(node) or "")
    source = maps().get(file)
    region = source and source.regions.get(routes().get(name, name))
    if cited and not isinstance(node, ast.ClassDef):  # of a class it names all lines, a section has a part
        for first, last in LINES.findall(cited[2]) if cited[1] in maps() else ():
            lines = int(first), int(last or first)
            there = region.id if region else name_at(maps()[cited[1]], *lines, language)
            yield Span(cited[1], *lines, (pair(name, there),))
    elif source and region:
        yield Span(file, region.start, own_end(source, region), (pair(name, region.id),))


def pair(name: str, there: str) -> str:
    """Return our name and that of the original."""
    return f"{name.rpartition('.')[2]} → {there}"


def name_at(source: SourceMap, first: int, last: int, language: str) -> str:
    """Return the name of what stands at lines, or of what they are a part of."""
    around = [
        r for r in source.regions.values() if "#" not in r.id and r.start <= first and last <= r.code_end
    ]
    innermost = around[-1]
    whole = (innermost.start, innermost.code_end) == (first, last)
    return innermost.id if whole else PART[language].format(innermost.id)


def own_end(source: SourceMap, region: Region) -> int:
    """Return where a region ends, or its first paragraphs if others are defined within it."""
    end = region.code_end
    for part in source.innermost():
        if part.start >= region.start and part.id != region.id:
            if not part.id.startswith(f"{region.id}#"):
                break
            end = part.code_end
    return end


@cache
def routes() -> dict[str, str]:
    """Return the region of each handler's route, by the handler's name, as `build_routes` has it."""
    module = ast.parse((ROOT / "snippets" / FOLDER / "server.py").read_text("utf-8"))
    found = {}
    for node in ast.walk(module):
        match node:
            case ast.Call(
                func=ast.Call(func=ast.Attribute(ast.Name("routes"), method), args=[ast.Constant(str(path))]),
                args=[ast.Attribute(ast.Name("self"), handler)],
            ):
                found[f"PromptServer.{handler}"] = f"{method.upper()} {path}"
    return found


@cache
def maps() -> dict[str, SourceMap]:
    """Return the maps, read once."""
    return source_maps()
