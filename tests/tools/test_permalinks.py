"""What cites ComfyUI's files is known to their maps, and each way not to be is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import permalinks
from tools.model import Project


def test_permalinks() -> None:
    """Every link, front matter and docstring names regions and lines that there are."""
    assert_none(permalinks.problems(Project()))


PAGE, SNIPPET = "docs/en/demo/echo.md", "snippets/demo/echo/say.py"
MAP = "snippets/server/maps/server.json"
SAID = "`say` says it 1."
GUARDS: dict[str, Guard] = {
    "no region": (PAGE, "#cache_control][", "#cache][", "#echo: server.py v0.3.10 has no region “cache”"),
    "no such line": (PAGE, "#cache_control][", "#L850][", "#echo: server.py v0.3.10 has no region “L850”"),
    "no map": (PAGE, "server.py#cache_control][", "nodes.py#x][", "“nodes.py#x” must begin with"),
    "unknown owner": (
        PAGE,
        "#cache_control]\n",
        "#cache]\n",
        "the front matter's regions: server.py v0.3.10",
    ),
    "owner without file": (
        PAGE,
        "[server.py#cache_control]\n",
        "[cache_control]\n",
        "“cache_control” must begin",
    ),
    "typed address": (
        PAGE,
        SAID,
        "[x](https://github.com/a/ComfyUI/blob/b/server.py)",
        "types a source line's",
    ),
    "typed text": (
        PAGE,
        SAID,
        "[lines 61–66][server.py#cache_control]",
        "types a source line's address or text",
    ),
    "typed line": (
        PAGE,
        SAID,
        "In `main.py`, line 266",
        "#traps: types “`main.py`, line 266”; write [main.py#",
    ),
    "typed lines": (PAGE, SAID, "In `main.py` (lines 2–3)", "#traps: types “`main.py` (lines 2”"),
    "typed line alone": (PAGE, SAID, "`get` (line 898)", "#traps: types “(line 898)”"),
    "typed Chinese line": (
        "docs/zh/demo/echo.md",
        "`say` 只说",
        "`main.py`（220 行）只说",
        "types “`main.py`（220”",
    ),
    "typed Chinese line alone": (
        "docs/zh/demo/echo.md",
        "`say` 只说",
        "`say`（220 行）只说",
        "types “（220 行）”",
    ),
    "typed Chinese line of a file": (
        "docs/zh/demo/echo.md",
        "`say` 只说",
        "`main.py` 266 行只说",
        "types “`main.py` 266”",
    ),
    "docstring past the end": (
        SNIPPET,
        "Return the word.",
        "server.py 806–850",
        "say.py:6: in server.py v0.3.10 no region",
    ),
    "docstring across regions": (
        SNIPPET,
        "Return the word.",
        "server.py, lines 61–70",
        "no region ends at 61–70",
    ),
    "second docstring range": (
        SNIPPET,
        "Return the word.",
        "server.py 61–66 and 850",
        "no region ends at 850",
    ),
    "gap in the map": (MAP, '"start": 61', '"start": 62', "cache_control starts at line 62, expected 61"),
    "short map": (MAP, '"lines": "', '"lines": "00000000 ', "the parts of the file end at line 849"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each way to miss the source is named."""
    assert_refuses(permalinks.problems, minimal_project, guard)


ALLOWED = (
    "server.py 61–66",
    "server.py 62–63",
    "server.py 61–83",
    "Source: ComfyUI 618b803d, server.py 1214–1224",
)


@pytest.mark.parametrize("cited", ALLOWED)
def test_accepts_regions_and_what_lies_in_one(cited: str, minimal_project: Project) -> None:
    """A docstring may cite regions, lines of one region, and lines of another commit."""
    file = minimal_project.snippet("demo/echo/say.py")
    file.write_text(file.read_text("utf-8").replace("Return the word.", cited), "utf-8")
    assert_none(permalinks.problems(minimal_project))
