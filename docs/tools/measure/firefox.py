"""Walk the built site in the Firefox that is installed, in both languages; print what works.

    apt-get install firefox-esr
    pip install marionette-driver
    mkdocs build
    python -m tools.measure.firefox

It ends with 1 if a step fails. Another driver than the tests', since Playwright sends what Firefox ESR 153
does not know.
"""

import shutil
import sys
from tempfile import TemporaryDirectory

from marionette_driver.marionette import Marionette

from tools.measure.walk import walk


class Firefox(Marionette):  # type: ignore[misc]  # Marionette ships no types
    """Marionette, with the one method that Selenium calls otherwise."""

    def get(self, address: str) -> None:
        """Go to a page."""
        self.navigate(address)


def main() -> None:
    """Start Firefox and walk."""
    binary = shutil.which("firefox-esr") or shutil.which("firefox") or sys.exit("install Firefox first")
    with TemporaryDirectory() as logs:  # a file given as the log is deleted first, be it /dev/null
        firefox = Firefox(bin=binary, headless=True, gecko_log=logs)
        firefox.start_session()
        walk(firefox, "Firefox " + firefox.session_capabilities["browserVersion"])


if __name__ == "__main__":
    main()
