"""What a browser test does on a machine that has no Chromium."""

import os
from typing import NoReturn

import pytest

from tools import browser
from tools.browser import FLAGS as FLAGS

ON_CI = os.environ.get("CI")


def skip_or_fail(what: str) -> NoReturn:
    """Skip a test that this machine cannot run; on CI (where `CI` is set) it fails."""
    if ON_CI:
        pytest.fail(what)
    pytest.skip(what)


def find_browser() -> str:
    """Return the installed Chromium's path."""
    return browser.find_browser() or skip_or_fail(browser.MISSING)
