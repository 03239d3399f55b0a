"""The Chinese and the English page of a pair are built alike, section by section."""

from collections.abc import Iterator

import pytest
from tools.model import Page, Project

from tests.site.small import break_file

SAME = ("level", "includes", "citations", "links", "figures", "code", "numbers")


def problems(project: Project) -> Iterator[str]:
    """Say where two pages of a pair part."""
    chinese, english = project.pages("zh"), project.pages("en")
    for path in sorted(chinese.keys() ^ english.keys()):
        missing = "en" if path in chinese else "zh"
        yield f"docs/{missing}/{path}.md is missing: every page stands in both languages"
    for path in sorted(chinese.keys() & english.keys()):
        yield from differences(chinese[path], english[path])


def differences(zh: Page, en: Page) -> Iterator[str]:
    """Compare two pages: front matter, ids, then each section."""
    for page in (zh, en):
        for section in page.sections:
            if section.id is None:
                yield f"{page.name}: the heading “{section.title}” needs an English id, {{ #like-this }}"
    if sorted(zh.meta) != sorted(en.meta):
        yield f"{zh.name} and {en.name}: front matter has {sorted(zh.meta)} against {sorted(en.meta)}"
    if zh.meta.get("regions") != en.meta.get("regions"):
        yield f"{zh.name} and {en.name}: the regions in the front matter differ"
    ids = [[section.id for section in page.sections] for page in (zh, en)]
    if ids[0] != ids[1]:
        yield f"{zh.name} and {en.name}: headings {ids[0]} against {ids[1]}"
        return
    for one, other in zip(zh.sections, en.sections, strict=True):
        where = f"{zh.name} and {en.name}, #{one.id}"
        for what in SAME:
            a, b = getattr(one, what), getattr(other, what)
            if a != b:
                yield f"{where}: {what} {a} against {b}"
        regions = [[region for _, region in section.permalinks] for section in (one, other)]
        if regions[0] != regions[1]:
            yield f"{where}: links to server.py {regions[0]} against {regions[1]}"


def test_pairs() -> None:
    """Every page has its twin, and the twins agree."""
    assert not (found := list(problems(Project()))), "\n".join(found)


def test_accepts_the_small_project(tiny: Project) -> None:
    """The guard below breaks one thing in a project that passes."""
    assert list(problems(tiny)) == []


ENGLISH = "docs/en/demo/echo.md"
GUARDS = {
    "lone page": ("docs/en/demo/lone.md", "", "# Lone { #lone }", "docs/zh/demo/lone.md is missing"),
    "no id": (ENGLISH, "Traps { #traps }", "Traps", "“Traps” needs an English id"),
    "other id": (ENGLISH, "{ #traps }", "{ #pitfalls }", "'traps'"),
    "other level": (ENGLISH, "## Traps", "### Traps", "#traps: level 2 against 3"),
    "other include": (ENGLISH, "echo.py:say", "echo.py", "#echo: includes ['demo/echo.py:say'"),
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
    "other region": (ENGLISH, "#cache_control]", "#imports]", "#echo: links to server.py"),
    "other owner": (ENGLISH, "regions: [cache_control]", "regions: [imports]", "regions in the front"),
    "no keywords": (ENGLISH, "keywords: [echo, 回声]\n", "", "front matter has"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """Each way for twins to part is named."""
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))
