"""Tell how much of the reading of server.py still holds for another copy of it, region by region.

    python -m tools.source_map PATH

The source map holds no line of ComfyUI's, only where each region of v0.3.10 stands and the SHA-256 of its
text. So the other file is cut by the same rules, and the sums are compared.
"""

import ast
import hashlib
import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.model import Project

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION = (*FUNCTION, ast.ClassDef)
FIRST = (ast.Import, ast.ImportFrom, ast.Expr)  # an expression, since a docstring may stand before them
ROUTE = re.compile(r"routes\.(get|post|put|patch|delete|head|options)\('(.+?)'")
STATES = ("same", "moved", "changed", "gone", "new")


@dataclass(frozen=True)
class Part:
    """A region of some server.py: its id, its first and last line of code, and their text."""

    id: str
    start: int
    end: int
    text: str = ""

    @property
    def lines(self) -> str:
        """Return where it stands, as pages say it."""
        return str(self.start) if self.start == self.end else f"{self.start}–{self.end}"

    def sha256(self, blank: int) -> str:
        """Return the sum of its text with so many blank lines after it."""
        return hashlib.sha256((self.text + "\n" * blank).encode()).hexdigest()


@dataclass(frozen=True)
class Finding:
    """What has become of a region, and its lines then and now, as far as there are any."""

    state: str
    id: str
    then: str = ""
    now: str = ""

    def __str__(self) -> str:
        return f"{self.state:8} {self.then:>9} {self.now:>9}  {self.id}"


def cut(source: str) -> list[Part]:
    """Cut a server.py as the source map is cut: a whole stands before its parts.

    It is `imports`, then definitions, with decorators and comments right above, and paragraphs of other
    statements (`#1` …). A definition that holds functions is cut again, with a `#header` for imports.
    """
    body, lines = ast.parse(source).body, source.split("\n")
    rest = itertools.dropwhile(lambda node: isinstance(node, FIRST), body)
    return list(_cut(list(rest), "", 1, len(lines), lines))


def _cut(body: list[ast.stmt], owner: str, start: int, end: int, lines: list[str]) -> Iterator[Part]:
    """Cut the lines from `start` to `end`, which hold the statements of `body`."""
    firsts: list[tuple[int, ast.stmt]] = []
    for number, node in enumerate(body):
        line = _first_line(node, lines)
        alone = isinstance(node, DEFINITION) or number == 0 or isinstance(body[number - 1], DEFINITION)
        if alone or not lines[line - 2].strip():
            firsts.append((line, node))
    edges = [line for line, _ in firsts] + [end + 1]
    yield from _part(f"{owner}#header" if owner else "imports", start, edges[0], lines)
    count = itertools.count(1)
    for (line, node), edge in zip(firsts, edges[1:], strict=True):
        if not isinstance(node, DEFINITION):
            yield from _part(f"{owner}#{next(count)}", line, edge, lines)
            continue
        name = f"{owner}.{node.name}" if owner else node.name
        route = next(filter(None, (ROUTE.match(ast.unparse(d)) for d in node.decorator_list)), None)
        yield from _part(f"{route[1].upper()} {route[2]}" if route else name, line, edge, lines)
        if any(isinstance(inner, FUNCTION) for inner in node.body):
            yield from _cut(node.body, name, line, edge - 1, lines)


def _first_line(node: ast.stmt, lines: list[str]) -> int:
    """Return where a statement starts, with its decorators and the comments right above."""
    line: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    while line > 1 and lines[line - 2].startswith(" " * node.col_offset + "#"):
        line -= 1
    return line


def _part(name: str, start: int, edge: int, lines: list[str]) -> Iterator[Part]:
    """Make a region of the lines before `edge`, without blank ones at its end; nothing of those alone."""
    if text := "\n".join(lines[start - 1 : edge - 1]).rstrip():
        yield Part(name, start, start + text.count("\n"), text + "\n")


def compare(regions: Sequence[dict[str, Any]], parts: Sequence[Part]) -> Iterator[Finding]:
    """Say what has become of each region of the map, in the order of the map, and which parts are new.

    A region is found by its text or else its name; a lost paragraph of a known whole counts as changed.
    """
    left, found = list(parts), dict[str, tuple[str, Part]]()
    for region in regions:
        blank = region["end"] - region["code_end"]
        if twins := [part for part in left if part.sha256(blank) == region["sha256"]]:
            twin = min(twins, key=lambda part: part.id != region["id"])
            found[region["id"]] = ("same" if twin.start == region["start"] else "moved", twin)
            left.remove(twin)
    for region in regions:
        state, part = found.get(region["id"], ("gone", None))
        owner, paragraph, _ = region["id"].partition("#")
        if not part and not re.search(r"#\d", region["id"]):
            part = next((part for part in left if part.id == region["id"]), None)
            left = [other for other in left if other is not part]
        if state == "gone" and (part or (paragraph and any(p.id.startswith(f"{owner}#") for p in parts))):
            state = "changed"
        then = Part(region["id"], region["start"], region["code_end"])
        yield Finding(state, then.id, then.lines, part.lines if part else "")
    yield from (Finding("new", part.id, now=part.lines) for part in left)


def main() -> None:
    """Compare the file that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.source_map PATH")
    try:
        parts = cut(Path(sys.argv[1]).read_text("utf-8-sig"))
    except (OSError, SyntaxError, ValueError) as error:  # a wrong encoding or a null byte is a ValueError
        sys.exit(f"{sys.argv[1]}: {getattr(error, 'strerror', None) or error}")
    findings = list(compare(Project().source_map["regions"], parts))
    print(*findings, sep="\n")
    counts = Counter(finding.state for finding in findings)
    print(", ".join(f"{counts[state]} {state}" for state in STATES))
    known, hold = counts.total() - counts["new"], counts["same"] + counts["moved"]
    print(f"{hold} of {known} regions still hold ({100 * hold / known:.0f} %)")


if __name__ == "__main__":
    main()
