"""The author's command checks one page or all, says what is wrong, and confirms no pair that differs."""

import shutil

import pytest

from tests.minimal_project import replace_text
from tools import check
from tools.checks import confirmed
from tools.model import ROOT, Project

PAGE = "demo/echo"


def run(project: Project, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Call the command in a project; return how it ends."""
    monkeypatch.setattr(check, "Project", lambda: project)
    monkeypatch.setattr("sys.argv", ["check", *arguments])
    with pytest.raises(SystemExit) as ended:
        check.main()
    return ended.value.code


def test_one_page(
    minimal_project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page without problems ends with 0; a problem is printed with its check, and ends with 1."""
    shutil.copy(ROOT / "pyproject.toml", minimal_project.root)
    confirmed.confirm(minimal_project)
    assert run(minimal_project, monkeypatch, PAGE) == 0, capsys.readouterr().out
    assert "demo/echo: " in capsys.readouterr().out
    replace_text(minimal_project, "tests/demo/test_echo.py", "assert True", 'assert len("a") == 2')
    replace_text(minimal_project, "snippets/demo/echo/outputs.txt", "hello", "hallo")
    assert run(minimal_project, monkeypatch, PAGE) == 1
    said = capsys.readouterr().out
    assert "proofs run: pytest ended with 1" in said
    assert "outputs: snippets/demo/echo/say.py prints something else" in said
    assert "2 problems" in said


def test_an_unknown_page_is_named(
    minimal_project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typing error does not pass for a page without problems."""
    assert run(minimal_project, monkeypatch, "demo/ecco") == 2
    assert "there is neither docs/zh/demo/ecco.md nor docs/en/demo/ecco.md" in capsys.readouterr().err


def test_confirms(
    minimal_project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One page, several or all are recorded; without a page, the command asks for one."""
    assert run(minimal_project, monkeypatch, "--confirm", PAGE) is None
    assert list(confirmed.problems(minimal_project)) == []
    replace_text(minimal_project, "docs/zh/demo/echo.md", "没有变", "变了")
    assert run(minimal_project, monkeypatch, "--confirm", "all") is None
    assert list(confirmed.problems(minimal_project)) == []
    assert run(minimal_project, monkeypatch, "--confirm") == 2
    assert "--confirm needs the pages" in capsys.readouterr().err
    assert "there is no page demo/ecco" in str(run(minimal_project, monkeypatch, "--confirm", "demo/ecco"))


def test_does_not_confirm_a_pair_that_differs(
    minimal_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pair that differs is named, and its lock stays as it was."""
    confirmed.confirm(minimal_project)
    before = confirmed.read_lock(minimal_project)
    replace_text(minimal_project, "docs/en/demo/echo.md", "it 1.", "it 2.")
    for pages in (PAGE, "all"):
        said = str(run(minimal_project, monkeypatch, "--confirm", pages))
        assert "#traps: numbers ['1'] against ['2']" in said
        assert "a pair that differs cannot be confirmed" in said
    assert confirmed.read_lock(minimal_project) == before


def test_writes_outputs(minimal_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the outputs of the page are written."""
    replace_text(minimal_project, "snippets/demo/echo/outputs.txt", "hello", "hallo")
    replace_text(minimal_project, "snippets/demo/echo_more/a.py", "", "print(1)\n")
    assert run(minimal_project, monkeypatch, "--write-outputs", PAGE) == 0
    assert minimal_project.output("demo/echo/say.py") == "hello\n"
    assert minimal_project.output("demo/echo_more/a.py") is None
