"""The README's commands, the lock and CI agree with one another."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from tools.model import ROOT, Project

from tests.site.small import break_file

BASH = re.compile(r"```bash\n(.*?)```", re.DOTALL)
NAME = re.compile(r"[\w-]+")
FILES = ("README.md", ".ci/run", ".github/workflows/tests.yml", "pyproject.toml", "requirements.txt")


def problems(project: Project) -> Iterator[str]:
    """Say where the README, CI and the lock part."""
    text = {name: (project.root / name).read_text("utf-8") for name in FILES}
    start = text["README.md"].partition("\n## Quick start\n")[2].partition("\n## ")[0]
    blocks = BASH.findall(start)
    if len(blocks) != 2:
        yield f"README.md: Quick start needs exactly two bash blocks, it has {len(blocks)}"
        return
    for block, last in zip(blocks, ("mkdocs serve", "pytest"), strict=True):
        lines = block.splitlines()
        if lines[:2] != ["python3 -m venv .venv", ".venv/bin/pip install -r requirements.txt"]:
            yield f"README.md: a block of Quick start does not begin by installing: {lines[:2]}"
        if last not in lines[-1]:
            yield f"README.md: a block of Quick start does not end in {last}: {lines[-1]}"
    test_command = blocks[1].splitlines()[-1]
    if test_command not in text[".ci/run"].splitlines():
        yield f".ci/run: does not call the README's test command, {test_command}"
    if ".ci/run" not in text[".github/workflows/tests.yml"]:
        yield ".github/workflows/tests.yml: does not call .ci/run"
    locked = dict(line.split("==") for line in text["requirements.txt"].splitlines() if "==" in line)
    for requirement in tomllib.loads(text["pyproject.toml"])["project"]["dependencies"]:
        name = NAME.match(requirement)
        if name and name[0] not in locked:
            yield f"requirements.txt: does not lock {name[0]}; make it anew, as its first lines say"


def test_readme() -> None:
    """One set of commands, one set of packages."""
    assert not (found := list(problems(Project()))), "\n".join(found)


GUARDS = {
    "third block": (
        "README.md",
        "## Quick start\n",
        "## Quick start\n```bash\nls\n```\n",
        "exactly two bash blocks",
    ),
    "other command": (".ci/run", "/pytest -n", "/pytest -k x -n", "does not call the README's test command"),
    "no install": ("README.md", "python3 -m venv .venv\n", "", "does not begin by installing"),
    "no serve": ("README.md", "mkdocs serve", "mkdocs build", "does not end in mkdocs serve"),
    "no workflow": (".github/workflows/tests.yml", ".ci/run", "true", "does not call .ci/run"),
    "unlocked": ("requirements.txt", "\naiohttp==", "\nflask==", "does not lock aiohttp"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """Each way for them to part is named."""
    for name in FILES:
        break_file(tiny, name, "", (ROOT / name).read_text("utf-8"))
    assert list(problems(tiny)) == []
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))
