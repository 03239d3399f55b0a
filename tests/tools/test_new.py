"""A new page passes every check but two: its proof is to be written, its pair to be read."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.minimal_project import assert_none
from tools.check import run_proofs
from tools.checks import confirmed, outputs, proofs, static_checks
from tools.model import ROOT, Project
from tools.new import new_page

NAV = "nav:\n  - index.md\n  - Demo:\n      - demo/echo.md\n  # About follows\n\nplugins: []\n"


@pytest.fixture
def project(minimal_project: Project) -> Project:
    """Give the small project a navigation and a confirmed pair, and the settings of the real one."""
    (minimal_project.root / "mkdocs.yml").write_text(NAV, "utf-8")
    (minimal_project.root / "pyproject.toml").write_text(
        (ROOT / "pyproject.toml").read_text("utf-8"), "utf-8"
    )
    confirmed.confirm(minimal_project)
    return minimal_project


@pytest.mark.parametrize("page", ["demo/two-words", "other/first"])
def test_a_new_page_passes_all_but_two_checks(page: str, project: Project) -> None:
    """Nothing but the unread pair and the unwritten proof is reported, and each says what to do."""
    made = new_page(project, page)
    assert all(file.exists() for file in made)
    for name, problems in (static_checks() | {"outputs": outputs.problems}).items():
        if name != "confirmed":
            assert_none(problems(project, page))
    assert_none(proofs.problems(project))
    unread = list(confirmed.problems(project, page))
    assert unread
    assert all(f"`python -m tools.check --confirm {page}`" in problem for problem in unread)
    (red,) = run_proofs(project, page)
    assert "1 failed" in red
    assert "write the proof, then break what it proves once" in red


def test_the_page_stands_in_the_navigation_once(project: Project) -> None:
    """A page follows those of its topic, and a new topic the other topics."""
    new_page(project, "demo/two-words")
    new_page(project, "other/first")
    assert (project.root / "mkdocs.yml").read_text("utf-8") == NAV.replace(
        "demo/echo.md\n", "demo/echo.md\n      - demo/two-words.md\n  - other:\n      - other/first.md\n"
    )


def test_it_overwrites_nothing(project: Project) -> None:
    """A page that is there already is named, and stays as it is."""
    before = {file: file.read_bytes() for file in project.root.rglob("*") if file.is_file()}
    with pytest.raises(FileExistsError, match=r"docs/zh/demo/echo\.md|tests/demo/test_echo\.py"):
        new_page(project, "demo/echo")
    assert before == {file: file.read_bytes() for file in project.root.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", ["queues", "Demo/x", "demo/../x", "demo/a_b"])
def test_it_refuses_a_name_that_is_no_page(name: str, tmp_path: Path) -> None:
    """What cannot be an address says how a name looks."""
    command = [sys.executable, "-m", "tools.new", name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert "usage: python -m tools.new TOPIC/PAGE" in done.stderr
