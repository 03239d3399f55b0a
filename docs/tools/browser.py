"""The installed Chromium."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
MISSING = "no Chromium on this machine: install one (Debian: apt-get install chromium)"


def find_browser() -> str | None:
    """Return the path of the first that is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_headless_shell() -> str | None:
    """Return the path of Chromium without a window, which opens a page in half the time, if it is installed.

    It keeps no history, and shows an empty 401 where Chromium shows an error: proofs do not use it.
    """
    return shutil.which("chromium-headless-shell")
