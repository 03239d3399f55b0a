"""How a check is tested: the project passes it, and a small project with one thing broken does not."""

from collections.abc import Callable, Iterable

import pytest

from tools.model import Project

Guard = tuple[str, str, str, str]  # a file, a text in it, what replaces it, and a part of the message


def assert_none(problems: Iterable[str]) -> None:
    """Fail with the problems, if there are any; an `assert` would print them twice."""
    if found := list(problems):
        pytest.fail("\n".join(found), pytrace=False)


def assert_refuses(problems: Callable[[Project], Iterable[str]], project: Project, guard: Guard) -> None:
    """Break one thing in a project that passes; the check must name it."""
    file, old, new, message = guard
    assert_none(problems(project))
    replace_text(project, file, old, new)
    assert message in "\n".join(problems(project))


def replace_text(project: Project, name: str, old: str, new: str) -> None:
    """Replace a text in one file of a project; with an empty `old`, write the whole file."""
    file = project.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text("utf-8") if file.exists() else ""
    assert old in text, f"{name} does not hold {old!r}"
    file.write_text(text.replace(old, new, 1) if old else new, "utf-8")
