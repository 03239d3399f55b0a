"""Pages show code and output by including files, by name, a block at a time, and show all there is."""

import ast
import re
from collections.abc import Iterator

from tools.model import FENCE, INCLUDE, MARKER, OUTPUTS, Page, Project

ROWS = 30
TYPED_BY_HAND = {"bash", "markdown", "figure"}  # commands, the contracts' own syntax, and figures
SHOWN = (".py", ".txt", ".http")
GAP = "gap"  # what the reader of an exercise writes (docs/playground/exercises.py)
RECREATION = "recreation/"  # read as a whole: pages show sections of it


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say what pages include wrongly, and what no page shows."""
    for page in project.all_pages(only):
        yield from fence_problems(project, page)
        for section in page.sections:
            for include in section.includes:
                yield from include_problems(project, page, include)
    yield from unshown(project, only)


def unshown(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which files and which sections of them no page shows."""
    shown = {i for page in project.all_pages() for section in page.sections for i in section.includes}
    files = {include.split(":")[0] for include in shown}
    for path in project.files("*", only):
        if path.endswith(SHOWN) and path not in files and not path.startswith(RECREATION):
            yield f"snippets/{path}: no page shows it; include it, or delete it"
    for path in [*project.files("*.py", only), *project.files(OUTPUTS, only)]:
        for name in sections(project, path):
            if name == GAP:
                yield from gap_problems(project, path)
            elif f"{path}:{name}" not in shown:
                yield f"snippets/{path}: no page includes its section {name}; include it, or drop its markers"


def gap_problems(project: Project, path: str) -> Iterator[str]:
    """Refuse a gap that no answer to an exercise shows: the page would not ask for it."""
    found = sections(project, path)
    gap = found.pop(GAP)
    around = {path} | {f"{path}:{name}" for name, text in found.items() if gap in text}
    answers = {
        include
        for page in project.all_pages()
        for section in page.sections
        if section.id == "exercise"
        for include in section.includes
    }
    if not gap.strip() or not around & answers:
        yield f"snippets/{path}: close its section {GAP}, inside a part that the answer of an exercise shows"


def fence_problems(project: Project, page: Page) -> Iterator[str]:
    """Refuse code typed on a page, addresses by line number, and blocks too long to read."""
    if "--8<--" in FENCE.sub("", page.source):
        yield f"{page.name}: an include stands outside a fence"
    for _, _, language, options, body in FENCE.findall(page.source):
        if re.search(r"hl_lines|linenums", options):
            yield f"{page.name}: “{options.strip()}” addresses lines by number; cut a named section instead"
        typed = [line for line in body.splitlines() if line.strip() and not INCLUDE.match(line)]
        if typed and language not in TYPED_BY_HAND:
            yield f"{page.name}: “{typed[0].strip()}” is typed on the page; include a file of snippets/"
        rows = sum(len(shown_lines(project, path, name)) for path, name in INCLUDE.findall(body))
        if rows > ROWS:
            first = next(INCLUDE.finditer(body))[0].strip().removeprefix("--8<-- ")
            yield f"{page.name}: the block of {first} shows {rows} lines; {ROWS} at most: cut a named section"


def include_problems(project: Project, page: Page, include: str) -> Iterator[str]:
    """Refuse an include that shows nothing, or that is addressed by line."""
    path, _, name = include.partition(":")
    if not project.snippet(path).is_file():
        yield f"{page.name}: includes snippets/{path}, which does not exist"
    elif re.fullmatch(r"[\d:,-]+", name):
        yield f"{page.name}: includes {include} by line number; cut a named section instead"
    elif name and not sections(project, path).get(name, "").strip():
        yield f"{page.name}: snippets/{path} has no section {name} that is closed and not empty"


def shown_lines(project: Project, path: str, name: str) -> list[str]:
    """Return what an include shows: without markers, and without the docstring of a whole module."""
    if not project.snippet(path).is_file():
        return []
    text = sections(project, path).get(name, "") if name else project.snippet(path).read_text("utf-8")
    if path.endswith(".py") and not name:
        tree = ast.parse(text)
        docstring = tree.body[0].end_lineno if ast.get_docstring(tree) else 0
        text = "\n".join(text.splitlines()[docstring:])
    return "\n".join(line for line in text.splitlines() if not MARKER.search(line)).strip("\n").splitlines()


def sections(project: Project, path: str) -> dict[str, str]:
    """Return the text of every section of a snippet; an unclosed one is empty."""
    found: dict[str, str] = {}
    open_names: dict[str, list[str]] = {}
    for line in project.snippet(path).read_text("utf-8").splitlines():
        if match := MARKER.search(line):
            kind, name = match.groups()
            if kind == "start":
                open_names[name] = []
                found.setdefault(name, "")
            else:
                found[name] = "\n".join(open_names.pop(name, []))
        else:
            for lines in open_names.values():
                lines.append(line)
    return found
