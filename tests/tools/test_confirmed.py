"""A change in one language alone is noticed, and one page can be confirmed without the others."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses, replace_text
from tools.checks import confirmed
from tools.model import Project


def test_both_languages_were_read_together() -> None:
    """Every section is as it was when somebody last compared the two languages."""
    assert_none(confirmed.problems(Project()))


GUARDS: dict[str, Guard] = {
    "heading": ("docs/en/demo/echo.md", "Traps {", "Tricks {", "docs/en/demo/echo.md, #traps"),
    "sentence": ("docs/zh/demo/echo.md", "没有变", "变了", "docs/zh/demo/echo.md, #today"),
    "description": ("docs/en/demo/echo.md", "An echo.", "No echo.", "docs/en/demo/echo.md, #front-matter"),
    "new section": (
        "docs/en/demo/echo.md",
        "## Today",
        "## New { #new }\n\n## Today",
        "demo/echo, #new: new: read both",
    ),
    "two sections": (
        "docs/zh/demo/echo.md",
        "## 陷阱 { #traps }\n\n`say` 只说 1.\n\n## 今天",
        "## 陷阱们 { #traps }\n\n`say` 只说 1.\n\n## 如今",
        "docs/zh/demo/echo.md, #today #traps: changed",
    ),
    "lost section": (
        "docs/pairs.lock",
        "demo/echo#echo",
        "demo/echo#gone",
        "docs/pairs.lock: demo/echo, #gone: gone: read both",
    ),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """A change in one language alone is named."""
    confirmed.confirm(minimal_project)
    assert_refuses(confirmed.problems, minimal_project, guard)


def test_confirms_one_page_alone(minimal_project: Project) -> None:
    """A page that is confirmed takes no other page with it, and one that is gone leaves nothing."""
    confirmed.confirm(minimal_project)
    replace_text(minimal_project, "docs/zh/demo/echo.md", "没有变", "变了")
    for language in ("zh", "en"):
        replace_text(minimal_project, f"docs/{language}/demo/two.md", "", "# 2 { #two }\n")
    confirmed.confirm(minimal_project, "demo/two")
    assert_none(confirmed.problems(minimal_project, "demo/two"))
    assert [p.split(":")[0] for p in confirmed.problems(minimal_project)] == ["docs/zh/demo/echo.md, #today"]
    for page in minimal_project.all_pages("demo/two"):
        page.file.unlink()
    confirmed.confirm(minimal_project, "demo/two")
    assert not any("two" in key for key in confirmed.read_lock(minimal_project))
