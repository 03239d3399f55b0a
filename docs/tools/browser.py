"""The installed Chromium."""

import shutil

# The headless shell first: it opens a page in half the time, since it has no window to draw around it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
MISSING = "no Chromium on this machine: install one (Debian: apt-get install chromium)"


def find_browser() -> str | None:
    """Return the path of the first that is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)
