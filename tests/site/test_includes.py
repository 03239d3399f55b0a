"""Pages show code and output by including files, by name, and show all there is."""

import re
from collections.abc import Iterator

import pytest
from tools.model import FENCE, INCLUDE, MARKER, Page, Project

from tests.site.small import break_file

TYPED_BY_HAND = {"bash", "markdown", "figure"}  # commands, the contracts' own syntax, and figures


def problems(project: Project) -> Iterator[str]:
    """Say what pages include wrongly, and what no page shows."""
    shown: set[str] = set()
    for page in project.all_pages():
        yield from fence_problems(page)
        for section in page.sections:
            for include in section.includes:
                shown.add(include)
                yield from include_problems(project, page, include)
    files = {include.split(":")[0] for include in shown}
    for path in project.files("*"):
        if path.endswith((".py", ".out", ".http")) and path not in files:
            yield f"snippets/{path}: no page shows it; include it, or delete it"
    for path in project.files("*.py"):
        for name in sections(project, path):
            if f"{path}:{name}" not in shown:
                yield f"snippets/{path}: no page includes its section {name}; include it, or drop its markers"


def fence_problems(page: Page) -> Iterator[str]:
    """Refuse code typed on a page, and addresses by line number."""
    if "--8<--" in FENCE.sub("", page.source):
        yield f"{page.name}: an include stands outside a fence"
    for _, _, language, options, body in FENCE.findall(page.source):
        if re.search(r"hl_lines|linenums", options):
            yield f"{page.name}: “{options.strip()}” addresses lines by number; cut a named section instead"
        typed = [line for line in body.splitlines() if line.strip() and not INCLUDE.match(line)]
        if typed and language not in TYPED_BY_HAND:
            yield f"{page.name}: “{typed[0].strip()}” is typed on the page; include a file of snippets/"


def include_problems(project: Project, page: Page, include: str) -> Iterator[str]:
    """Refuse an include that shows nothing, or that is addressed by line."""
    path, _, name = include.partition(":")
    if not project.snippet(path).is_file():
        yield f"{page.name}: includes snippets/{path}, which does not exist"
    elif re.fullmatch(r"[\d:,-]+", name):
        yield f"{page.name}: includes {include} by line number; cut a named section instead"
    elif name and not sections(project, path).get(name, "").strip():
        yield f"{page.name}: snippets/{path} has no section {name} that is closed and not empty"


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


def test_includes() -> None:
    """Every include shows something, and everything is shown."""
    assert not (found := list(problems(Project()))), "\n".join(found)


PAGE, SNIPPET = "docs/en/demo/echo.md", "snippets/demo/echo.py"
INSERT = "The same."
GUARDS = {
    "missing file": (PAGE, "demo/echo.out", "demo/gone.out", "includes snippets/demo/gone.out"),
    "missing section": (PAGE, "echo.py:say", "echo.py:tell", "has no section tell"),
    "empty section": (
        SNIPPET,
        "\n\n\ndef main",
        "\n# --8<-- [start:no]\n# --8<-- [end:no]\ndef main",
        "no page includes its section no",
    ),
    "unclosed section": (SNIPPET, "# --8<-- [end:say]\n", "", "has no section say that is closed"),
    "unopened section": (SNIPPET, "# --8<-- [start:say]\n", "", "has no section say that is closed"),
    "by line": (PAGE, "echo.py:say", "echo.py:1:3", "by line number"),
    "highlight by line": (PAGE, "python title", 'python hl_lines="2" title', "addresses lines by number"),
    "typed code": (PAGE, INSERT, "```python\nx = 1\n```", "“x = 1” is typed on the page"),
    "typed output": (PAGE, INSERT, "```\nhello\n```", "“hello” is typed on the page"),
    "outside a fence": (PAGE, INSERT, '--8<-- "demo/echo.py"', "stands outside a fence"),
    "unshown snippet": ("snippets/demo/lone.py", "", '"""Lone."""', "snippets/demo/lone.py: no page"),
    "unshown output": ("snippets/demo/lone.out", "", "1\n", "snippets/demo/lone.out: no page"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """Each way to show code wrongly is named."""
    assert list(problems(tiny)) == []
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))
