"""Includes show something, everything is shown, and each way to show code wrongly is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import includes
from tools.model import Project


def test_includes() -> None:
    """Every include shows something, and everything is shown."""
    assert_none(includes.problems(Project()))


PAGE, SNIPPET = "docs/en/demo/echo.md", "snippets/demo/echo/say.py"
INSERT = "The same."
GUARDS: dict[str, Guard] = {
    "missing file": (PAGE, "demo/echo/outputs.txt", "demo/gone.txt", "includes snippets/demo/gone.txt"),
    "missing section": (PAGE, "say.py:say", "say.py:tell", "has no section tell"),
    "empty section": (
        SNIPPET,
        "def main",
        "# --8<-- [start:no]\n# --8<-- [end:no]\ndef main",
        "no page includes its section no",
    ),
    "unclosed section": (SNIPPET, "# --8<-- [end:say]\n", "", "has no section say that is closed"),
    "unopened section": (SNIPPET, "# --8<-- [start:say]\n", "", "has no section say that is closed"),
    "unclosed gap": (SNIPPET, "    return", "    # --8<-- [start:gap]\n    return", "close its section gap"),
    "gap without exercise": (
        "snippets/demo/lone.py",
        "",
        "# --8<-- [start:gap]\nX = 1\n# --8<-- [end:gap]\n",
        "snippets/demo/lone.py: close its section gap, inside a part that the answer",
    ),
    "by line": (PAGE, "say.py:say", "say.py:1:3", "by line number"),
    "highlight by line": (PAGE, "python title", 'python hl_lines="2" title', "addresses lines by number"),
    "typed code": (PAGE, INSERT, "```python\nx = 1\n```", "“x = 1” is typed on the page"),
    "typed output": (PAGE, INSERT, "```\nhello\n```", "“hello” is typed on the page"),
    "outside a fence": (PAGE, INSERT, '--8<-- "demo/echo/say.py"', "stands outside a fence"),
    "unshown snippet": ("snippets/demo/lone.py", "", '"""Lone."""', "snippets/demo/lone.py: no page"),
    "unshown output": (
        "snippets/demo/echo/outputs.txt",
        "--8<-- [end:say]\n",
        "--8<-- [end:say]\n--8<-- [start:lone]\n1\n--8<-- [end:lone]\n",
        "snippets/demo/echo/outputs.txt: no page includes its section lone",
    ),
    "long file": (SNIPPET, "def main", "#\n" * 30 + "def main", "shows 41 lines; 30 at most"),
    "long section": (SNIPPET, "    return word", "    #\n" * 30 + "    return word", "shows 33 lines; 30"),
    "long block": (
        PAGE,
        '--8<-- "demo/echo/say.py:say"',
        '--8<-- "demo/echo/say.py:say"\n' * 11,
        "shows 33 lines; 30 at most",
    ),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each way to show code wrongly is named."""
    assert_refuses(includes.problems, minimal_project, guard)


def test_markers_and_the_module_docstring_are_not_counted(minimal_project: Project) -> None:
    """What a reader sees counts: not what cuts out sections, and not what the page says already."""
    assert includes.shown_lines(minimal_project, "demo/echo/say.py", "say") == [
        "def say(word: str) -> str:",
        '    """Return the word."""',
        "    return word",
    ]
    assert len(includes.shown_lines(minimal_project, "demo/echo/say.py", "")) == 11
    assert includes.shown_lines(minimal_project, "demo/echo/outputs.txt", "say") == ["hello"]


def test_the_recreation_is_shown_in_sections(minimal_project: Project) -> None:
    """A module of the re-creation need not stand on a page; a section that it names must."""
    file = minimal_project.snippet("recreation/queue.py")
    file.parent.mkdir()
    file.write_text("A = 1\n", "utf-8")
    assert_none(includes.problems(minimal_project))
    file.write_text("# --8<-- [start:a]\nA = 1\n# --8<-- [end:a]\n", "utf-8")
    assert "no page includes its section a" in "\n".join(includes.problems(minimal_project))
