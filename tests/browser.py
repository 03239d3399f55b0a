"""The installed Chromium, and what a test does on a machine that has none."""

import os
import shutil
from typing import NoReturn

import pytest

ON_CI = os.environ.get("CI")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")


def skip_or_fail(what: str) -> NoReturn:
    """Skip a test that this machine cannot run; on CI (where `CI` is set) it fails."""
    if ON_CI:
        pytest.fail(what)
    pytest.skip(what)


def find_browser() -> str:
    """Return the installed Chromium's path."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    skip_or_fail("no Chromium on this machine: install one (Debian: apt-get install chromium)")
