"""Walk the built site in the WebKitGTK that is installed, in both languages; print what works.

    apt-get install webkit2gtk-driver xvfb
    pip install selenium
    mkdocs build
    xvfb-run python -m tools.measure.webkit

It ends with 1 if a step fails. Selenium, since Playwright's WebKit is a build of its own.
"""

import sys
from pathlib import Path

from selenium import webdriver

from tools.measure.walk import walk

BROWSERS = "*/webkit2gtk-4*/MiniBrowser"  # below /usr/lib, by Debian's packages


def main() -> None:
    """Start WebKit's own small browser and walk."""
    browser = next(Path("/usr/lib").glob(BROWSERS), None) or sys.exit("install webkit2gtk-driver first")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    driver = webdriver.WebKitGTK(options=options)
    walk(driver, "WebKitGTK " + driver.capabilities["browserVersion"])


if __name__ == "__main__":
    main()
