"""A test that never ends becomes one named failure."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.model import ROOT

ENDLESS = """
import asyncio, threading

def test_endless():
    while True: pass

async def test_waits():
    await asyncio.Event().wait()

def test_locked():
    threading.Event().wait()

def test_after(): pass
"""


def test_an_endless_test_is_one_named_failure(tmp_path: Path) -> None:
    """With the project's settings, but a limit of a second, each endless test fails and the next one runs."""
    file = tmp_path / "test_endless.py"
    file.write_text(ENDLESS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    options = ["-o", "timeout=1", "-p", "no:cacheprovider", "-n", "0", str(file)]
    done = subprocess.run([*command, *options], capture_output=True, encoding="utf-8", timeout=60)
    for name in ("test_endless", "test_waits", "test_locked"):
        assert re.search(rf"^FAILED .*::{name}\b", done.stdout, re.MULTILINE)
    assert "3 failed, 1 passed" in done.stdout


def test_every_test_has_a_limit(request: pytest.FixtureRequest) -> None:
    """Two minutes, and more where a browser goes through the whole site."""
    assert request.config.getini("timeout") == "120"
    for item in request.session.items:
        own = item.get_closest_marker("timeout")
        assert own is None or item.nodeid.startswith("tests/site/"), item.nodeid
