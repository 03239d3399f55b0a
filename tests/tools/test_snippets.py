"""The snippet contract is kept, and each breach of it is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import snippets
from tools.model import Project


def test_snippets() -> None:
    """Every snippet keeps its contract."""
    assert_none(snippets.problems(Project()))


SNIPPET, PART = "snippets/demo/echo/say.py", "snippets/recreation/queue.py"
CLASS = '"""A queue."""\n\n\nclass Queue:\n    """Holds."""\n\n    def put(self): ...\n'
GUARDS: dict[str, Guard] = {
    "wide line": (SNIPPET, "def say", "# " + "x" * 71 + "\ndef say", "columns; 72 at most"),
    "no docstring": (SNIPPET, '"""Show an echo."""', "", "begins with a docstring"),
    "no main": (SNIPPET, "def main", "def run", "needs a main()"),
    "taken name": ("snippets/demo/json.py", "", '"""Show x."""\ndef main(): ...\n', "the module json"),
    "undocumented module": (
        PART,
        "",
        "A = 1\n",
        "snippets/recreation/queue.py: the module needs a docstring",
    ),
    "undocumented function": (PART, "", '"""A."""\ndef put(): ...\n', "put needs a docstring"),
    "undocumented class": (PART, "", '"""A."""\nclass Queue: ...\n', "Queue needs a docstring"),
    "undocumented method": (PART, "", CLASS, "put needs a docstring"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each breach is named."""
    assert_refuses(snippets.problems, minimal_project, guard)


def test_a_demonstration_needs_no_docstring_on_its_functions(minimal_project: Project) -> None:
    """A docstring stands where a reader needs it; only the re-creation needs one everywhere."""
    text = minimal_project.snippet("demo/echo/say.py")
    text.write_text(text.read_text("utf-8").replace('    """Return the word."""\n', ""), "utf-8")
    assert_none(snippets.problems(minimal_project))
