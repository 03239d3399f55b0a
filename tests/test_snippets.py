"""Every snippet: importing it does nothing, and running it prints its `.out`."""

import difflib
import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tools.model import Project

SNIPPETS = Project().files("*.py")
SECONDS = 20
REWRITE = "run `pytest --write-outputs tests/test_snippets.py`, and read what it wrote before you commit"


def module_name(path: str) -> str:
    """Return the name under which `python -m` runs a file of `snippets/`."""
    return ".".join(Path("snippets", path).with_suffix("").parts)


def run(project: Project, path: str) -> str:
    """Run a snippet in a process of its own; return what it printed.

    Raises:
        AssertionError: it failed, wrote to standard error or took too long.
    """
    name = module_name(path)
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", name],
            cwd=project.root,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise AssertionError(f"snippets/{path} ran for {SECONDS} s: make `python -m {name}` end") from None
    if done.returncode or done.stderr:
        raise AssertionError(
            f"snippets/{path} must end with 0 and write nothing to standard error; "
            f"`python -W error -m {name}` ended with {done.returncode} and wrote:\n{done.stderr}"
        )
    return done.stdout


def output_problem(project: Project, path: str) -> str | None:
    """Say what is wrong with a snippet's `.out`, if anything is."""
    printed, out = run(project, path), project.snippet(path).with_suffix(".out")
    if not out.exists():
        return f"snippets/{path} has no .out beside it: {REWRITE}"
    if (shown := out.read_text("utf-8")) != printed:
        lines = difflib.unified_diff(
            shown.splitlines(), printed.splitlines(), "the .out", "printed", lineterm=""
        )
        return f"snippets/{path} prints something else than its .out: {REWRITE}\n" + "\n".join(lines)
    return None


def orphans(project: Project) -> list[str]:
    """Say which outputs have lost their snippet."""
    return [
        f"snippets/{out} has no snippet beside it: delete it, or restore the .py"
        for out in project.files("*.out")
        if not project.snippet(out).with_suffix(".py").exists()
    ]


@pytest.mark.parametrize("path", SNIPPETS)
def test_importing_does_nothing(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Importing a snippet prints nothing and starts nothing."""
    threads = threading.active_count()
    runpy.run_path(str(Project().snippet(path)), run_name=module_name(path))
    assert capfd.readouterr() == ("", ""), f"snippets/{path} prints when imported: move it into main()"
    assert threading.active_count() == threads, f"snippets/{path} starts a thread when imported"


@pytest.mark.parametrize("path", SNIPPETS)
def test_prints_its_output(path: str, pytestconfig: pytest.Config) -> None:
    """Run as `python -W error -m …`, a snippet prints its `.out` and nothing else."""
    if pytestconfig.getoption("--write-outputs"):
        Project().snippet(path).with_suffix(".out").write_text(run(Project(), path), "utf-8")
    assert not (problem := output_problem(Project(), path)), problem


def test_no_output_without_snippet() -> None:
    """Every `.out` has its `.py`."""
    assert not (problems := orphans(Project())), "\n".join(problems)


GUARDS = {
    "missing": ({"a.py": "print(1)"}, "has no .out beside it: run `pytest --write-outputs"),
    "stale": ({"a.py": "print(1)", "a.out": "2\n"}, "prints something else than its .out: run `pytest"),
    "failing": ({"a.py": "raise SystemExit(3)", "a.out": ""}, "ended with 3"),
    "noisy": ({"a.py": "import sys\nprint(1, file=sys.stderr)", "a.out": ""}, "wrote:\n1"),
    "warning": ({"a.py": "import warnings; warnings.warn('old')", "a.out": ""}, "UserWarning: old"),
    "endless": ({"a.py": "import time; time.sleep(9)", "a.out": ""}, "ran for 1 s: make `python -m"),
}


@pytest.mark.parametrize(("files", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(
    files: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way for a snippet to be wrong is named, with its file and the remedy."""
    folder = tmp_path / "snippets"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    if "sleep" in files["a.py"]:
        monkeypatch.setattr("tests.test_snippets.SECONDS", 1)
    try:
        problem = output_problem(Project(tmp_path), "a.py")
    except AssertionError as error:
        problem = str(error)
    assert problem, "nothing was refused"
    assert problem.startswith("snippets/a.py")
    assert message in problem


def test_refuses_an_orphan(tmp_path: Path) -> None:
    """An output without its snippet is named."""
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/gone.out").touch()
    assert orphans(Project(tmp_path)) == [
        "snippets/gone.out has no snippet beside it: delete it, or restore the .py"
    ]
