"""A test that never ends becomes one named failure."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tools.model import ROOT

ENDLESS = "def test_endless():\n    while True: pass\n\ndef test_after(): pass\n"


def test_an_endless_test_is_one_named_failure(tmp_path: Path) -> None:
    """With the project's settings, but a limit of a second, the endless test fails and the next one runs."""
    file = tmp_path / "test_endless.py"
    file.write_text(ENDLESS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    options = ["-o", "faulthandler_timeout=1", "-p", "no:cacheprovider", "-n", "1", str(file)]
    done = subprocess.run([*command, *options], capture_output=True, encoding="utf-8", timeout=60)
    assert "test_endless.py::test_endless" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_the_limit_is_above_the_slowest_test() -> None:
    """Every snippet in the browser takes minutes on a busy machine; that must not count as a hang."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert settings["faulthandler_timeout"] >= 900
