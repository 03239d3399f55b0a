"""Every snippet: importing it does nothing, and running it prints what outputs.txt says."""

import runpy
import threading
from pathlib import Path

import pytest

from tests.minimal_project import assert_none
from tools.checks import outputs
from tools.checks.snippets import too_old
from tools.model import Project

SNIPPETS = Project().demonstrations()


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """Return a snippet's path; skip it on a Python that is too old for it."""
    if reason := too_old(Project(), request.param):
        pytest.skip(reason)
    return str(request.param)


@pytest.mark.parametrize("path", SNIPPETS, indirect=True)
def test_importing_does_nothing(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Importing a snippet prints nothing and starts nothing."""
    threads = threading.active_count()
    runpy.run_path(str(Project().snippet(path)), run_name=outputs.module_name(path))
    assert capfd.readouterr() == ("", ""), f"snippets/{path} prints when imported: move it into main()"
    assert threading.active_count() == threads, f"snippets/{path} starts a thread when imported"


@pytest.mark.parametrize("folder", sorted({str(Path(path).parent) for path in SNIPPETS}))
def test_prints_its_output(folder: str) -> None:
    """Run as `python -W error -m …` runs it, a snippet prints what outputs.txt says and nothing else."""
    assert_none(outputs.problems(Project(), folder))


def test_no_output_without_snippet() -> None:
    """Every section of an outputs.txt has its snippet."""
    assert_none(outputs.orphans(Project()))
