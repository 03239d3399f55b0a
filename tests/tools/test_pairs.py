"""Every page has its twin, the twins agree, and each way for them to part is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import pairs
from tools.model import Project


def test_pairs() -> None:
    """Every page has its twin, and the twins agree."""
    assert_none(pairs.problems(Project()))


ENGLISH = "docs/en/demo/echo.md"
GUARDS: dict[str, Guard] = {
    "lone page": ("docs/en/demo/lone.md", "", "# Lone { #lone }", "docs/zh/demo/lone.md is missing"),
    "no id": (ENGLISH, "Traps { #traps }", "Traps", "“Traps” needs an English id"),
    "other id": (ENGLISH, "{ #traps }", "{ #pitfalls }", "'traps'"),
    "other level": (ENGLISH, "## Traps", "### Traps", "#traps: level 2 against 3"),
    "other include": (ENGLISH, "say.py:say", "say.py", "#echo: includes ['demo/echo/say.py:say'"),
    "other proof": (ENGLISH, "test_echo_returns", "test_echo_keeps", "#echo: citations"),
    "other link": (ENGLISH, "The same.", "The [same](x.md).", "#today: links [] against ['x.md']"),
    "other figure": (
        ENGLISH,
        "The same.",
        "```figure\nkind: flow\nsteps: [a]\n```",
        "#today: figures [] against",
    ),
    "other code": (ENGLISH, "`say` says", "`tell` says", "#traps: code ['say'] against ['tell']"),
    "other number": (ENGLISH, "it 1.", "it 2.", "#traps: numbers ['1'] against ['2']"),
    "other region": (ENGLISH, "#cache_control][", "#imports][", "#echo: permalinks"),
    "other owner": (ENGLISH, "regions: [server.py#cache_control]", "regions: []", "regions in the front"),
    "no keywords": (ENGLISH, "keywords: [echo, 回声]\n", "", "front matter has"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each way for twins to part is named."""
    assert_refuses(pairs.problems, minimal_project, guard)
