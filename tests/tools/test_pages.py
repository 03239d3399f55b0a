"""The page contract is kept, and each breach of it is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import pages
from tools.model import Project


def test_pages() -> None:
    """Every page keeps its contract."""
    assert_none(pages.problems(Project()))


PAGE = "docs/en/demo/echo.md"
GUARDS: dict[str, Guard] = {
    "no description": (PAGE, "description: An echo.\n", "", "needs a description"),
    "broken front matter": (PAGE, "An echo.", "An: echo.", "the front matter is no YAML"),
    "long description": (PAGE, "An echo.", "An echo." * 21, "at most 160 characters"),
    "two titles": (PAGE, "## Traps", "# Traps", "one heading of level 1"),
    "one language": (PAGE, "[echo, 回声]", "[echo]", "keywords in both languages"),
    "nameless column": (PAGE, "## Traps", "| | a |\n| --- | --- |\n| 1 | 2 |\n\n## Traps", "has no name"),
    "no traps": (PAGE, "{ #traps }", "{ #more }", "needs a section { #traps }"),
    "no such shape": (
        PAGE,
        "keywords",
        "shape: round\nkeywords",
        "shape is one of mechanism, tour, reference",
    ),
    "no advice": (PAGE, "keywords", "shape: tour\nkeywords", "needs a section { #own-code }"),
    "no call": (
        PAGE,
        "keywords",
        "shape: reference\nkeywords",
        "shows demo/echo/outputs.txt:say without the call",
    ),
    "open answer": (PAGE, "??? success", "!!! success", "in one folded block"),
    "no source": (PAGE, "[server.py#cache_control][]", "", "link to the place in server.py"),
    "no proof": (PAGE, "[✓][tests.demo.test_echo.test_echo_returns]{ .proof }", "", "needs a ✓"),
    "two owners": (
        "docs/zh/demo/two.md",
        "",
        "---\ndescription: 二\nregions: [server.py#cache_control]\n---\n# 二 { #two }\n",
        "the region server.py#cache_control is owned by demo/echo and by demo/two",
    ),
    "term elsewhere": (
        "docs/en/glossary.md",
        "",
        "---\ndescription: Terms\n---\n# Terms { #terms }\n\n| [reverb](demo/echo.md) | 混响 | Echoes. |\n",
        "“reverb” leads to demo/echo, which does not use the term",
    ),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each breach is named."""
    assert_refuses(pages.problems, minimal_project, guard)
