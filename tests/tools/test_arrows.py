"""Imports point downwards, and each way for one to point up is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import all_checks, arrows
from tools.model import ROOT, Project


def test_arrows() -> None:
    """No import points up, hides in a function or closes a circle; nothing makes a path of its own."""
    assert_none(arrows.problems(Project()))


ECHO, TOOL, IN_THE_PAGE = "snippets/demo/echo/say.py", "docs/tools/x.py", "docs/playground/python/x.py"
START = "# --8<-- [start:say]\n"
GUARDS: dict[str, Guard] = {
    "code among pages": ("docs/zh/x.py", "", "", "docs/zh and docs/en hold pages, no code"),
    "the re-creation": (
        "snippets/recreation/x.py",
        "",
        "import snippets.demo.echo\n",
        "snippets.recreation may",
    ),
    "a demonstration": (ECHO, START, "from tools.model import ROOT\n", "imports tools.model; snippets may"),
    "a tool": (TOOL, "", "from tests import browser\n", "x.py:1: imports tests; tools may import only"),
    "the playground": (IN_THE_PAGE, "", "import tools.model\n", "imports tools.model; playground may"),
    "by name": (ECHO, START, 'importlib.import_module("tests.demo")\n', "imports tests.demo; snippets may"),
    "relative": ("snippets/recreation/x.py", "", "from ..demo import echo\n", "imports snippets.demo;"),
    "in a function": (ECHO, "    return word", "    import snippets.demo.other", "inside a function"),
    "path, called": (TOOL, "", "import sys\nsys.path.insert(0, '.')\n", "x.py:2: edits sys.path"),
    "path, assigned": (TOOL, "", "import sys\nsys.path[:0] = ['.']\n", "x.py:2: edits sys.path"),
    "path, added": (TOOL, "", "import sys\nsys.path += ['.']\n", "x.py:2: edits sys.path"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each arrow that points up is named."""
    assert_refuses(arrows.problems, minimal_project, guard)


def test_refuses_a_circle(minimal_project: Project) -> None:
    """Modules that import one another are named together."""
    for name, other in ("ab", "bc", "ca"):
        minimal_project.snippet(f"demo/{name}.py").write_text(f"from snippets.demo import {other}\n", "utf-8")
    (found,) = arrows.problems(minimal_project)
    assert "a circle of imports" in found
    assert all(f"snippets.demo.{name}" in found for name in "abc")


def test_allows_what_points_down(minimal_project: Project) -> None:
    """A tool may import a snippet, a demonstration the re-creation; what runs in the page may import late."""
    for name, text in {
        TOOL: "from snippets.demo.echo import say\nfrom playground import build\n",
        IN_THE_PAGE: "def run() -> None:\n    from snippets.demo import echo\n",
        "snippets/recreation/__init__.py": "from .queue import Queue\n",
        "snippets/recreation/queue.py": "class Queue: ...\n",
        "snippets/demo/other.py": "from snippets.recreation import Queue\nfrom . import echo\n",
    }.items():
        file = minimal_project.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert_none(arrows.problems(minimal_project))


def test_every_check_has_a_test_that_it_refuses() -> None:
    """A check without a broken example might accept everything."""
    for name in all_checks():
        text = (ROOT / f"tests/tools/test_{name}.py").read_text("utf-8")
        assert "assert_refuses(" in text, f"tests/tools/test_{name}.py shows no broken example"
