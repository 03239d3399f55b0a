"""What a snippet prints is compared with outputs.txt, and written there on demand, for one page or all."""

import sys

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses, replace_text
from tools.checks import outputs, snippets
from tools.model import Project

SNIPPET, OUT = "snippets/demo/echo/say.py", "snippets/demo/echo/outputs.txt"
GUARDS: dict[str, Guard] = {
    "missing": (
        "snippets/demo/new.py",
        "",
        "print(1)\n",
        "demo/new.py has no section in outputs.txt beside it: run `python -m tools.check --w",
    ),
    "stale": (
        OUT,
        "hello",
        "hallo",
        "prints something else than outputs.txt says: run `python -m tools.check --write",
    ),
    "other end of line": (OUT, "hello\n", "hello\r\n", "prints something else than outputs.txt says"),
    "typed": (OUT, "--8<-- [start", "hallo\n--8<-- [start", "holds more than one section for each output"),
    "twice": (
        OUT,
        "--8<-- [start:say]\n",
        "--8<-- [start:say]\nhallo\n--8<-- [end:say]\n--8<-- [start:say]\n",
        "holds more than one section for each output",
    ),
    "silent": (SNIPPET, 'print(say("hello"))', "say('')", "must print something"),
    "no last new line": (SNIPPET, '"hello")', '"hello"), end=""', "and end it with a new line"),
    "failing": (SNIPPET, 'print(say("hello"))', "exit(3)", "ended with 3"),
    "noisy": (SNIPPET, "    print(", "    print(1, file=__import__('sys').stderr)\n    print(", "wrote:\n1"),
    "warning": (
        SNIPPET,
        "    print(",
        "    __import__('warnings').warn('old')\n    print(",
        "UserWarning: old",
    ),
    "orphan": (
        OUT,
        "--8<-- [end:say]\n",
        "--8<-- [end:say]\n--8<-- [start:gone]\n1\n--8<-- [end:gone]\n",
        "outputs.txt has a section of demo/echo/gone.py, which is gone: delete",
    ),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each way for a snippet to be wrong is named, with its file and the remedy."""
    assert_refuses(outputs.problems, minimal_project, guard)


def test_refuses_an_endless_one(minimal_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snippet that never ends is stopped, and named."""
    monkeypatch.setattr(outputs, "SECONDS", 1)
    replace_text(minimal_project, SNIPPET, "    print(", "    __import__('time').sleep(999)\n    print(")
    assert "ran for 1 s: make `python -W error -m snippets.demo.echo.say` end" in "\n".join(
        outputs.problems(minimal_project)
    )


def test_writes_one_page_alone(minimal_project: Project) -> None:
    """`demo/echo` is not `demo/echo_again`, whose folder begins alike."""
    for folder in ("echo", "echo_again"):
        replace_text(minimal_project, f"snippets/demo/{folder}/a.py", "", f"print({folder!r})\n")
    assert outputs.write(minimal_project, "demo/echo") == []
    assert minimal_project.output("demo/echo/a.py") == "echo\n"
    assert minimal_project.output("demo/echo_again/a.py") is None
    assert_none(outputs.problems(minimal_project, "demo/echo"))


NEW = """\"\"\"Show what Python 3.99 can do.\"\"\"

import sys

assert sys.version_info >= (3, 99)
print(1)
"""


def test_a_snippet_may_need_a_newer_python(minimal_project: Project) -> None:
    """It says so in a line that type checkers know; an older Python leaves it out, and says why."""
    replace_text(minimal_project, "snippets/demo/new.py", "", NEW)
    this = f"3.{sys.version_info.minor}"
    reason = f"snippets/demo/new.py needs Python 3.99; this is {this}"
    assert snippets.too_old(minimal_project, "demo/new.py") == reason
    assert_none(outputs.problems(minimal_project))
    assert reason in outputs.write(minimal_project)
    replace_text(minimal_project, "snippets/demo/new.py", "(3, 99)", "(3, 11)")
    assert snippets.too_old(minimal_project, "demo/new.py") is None
    assert "new.py has no section" in "\n".join(outputs.problems(minimal_project))
