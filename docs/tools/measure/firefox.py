"""Walk the built site in the Firefox that is installed, in both languages; print what works.

    apt-get install firefox-esr
    pip install marionette-driver
    mkdocs build
    python -m tools.measure.firefox

It ends with 1 if a step fails. Another driver than the tests', since Playwright sends what Firefox ESR 153
does not know.
"""

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any

from marionette_driver.by import By
from marionette_driver.errors import MarionetteException
from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette
from marionette_driver.wait import Wait

from tools.measure.server import serving
from tools.model import ROOT

PATIENCE = 120  # seconds for one step, on a busy machine
HOMES = {"zh": "", "en": "en/"}


class Walk:
    """One language of the site, in one tab."""

    def __init__(self, firefox: Any, home: str, language: str) -> None:
        self.firefox, self.home, self.language = firefox, home, language

    def open(self, path: str) -> None:
        """Go to a page of this language."""
        self.firefox.navigate(self.home + path)

    def js(self, expression: str) -> Any:
        """Return the value of an expression on the page."""
        return self.firefox.execute_script(f"return {expression}")

    def click(self, css: str) -> None:
        """Click the first such element that the reader sees, once there is one."""

        def clicked(_: object) -> bool:
            element = next(x for x in self.firefox.find_elements(By.CSS_SELECTOR, css) if x.is_displayed())
            self.firefox.execute_script("arguments[0].scrollIntoView({block: 'center'})", [element])
            element.click()
            return True

        self.until(clicked)

    def until(self, condition: str | Callable[[Any], Any]) -> Any:
        """Wait for a condition, or for an expression on the page, to be true; return its value."""
        ask = condition if callable(condition) else lambda _: self.js(condition)
        ignored = (MarionetteException, StopIteration)
        return Wait(self.firefox, timeout=PATIENCE, interval=0.2, ignored_exceptions=ignored).until(ask)

    def reading(self) -> None:
        """A page has its title, its figures, and no scroll bar at the side."""
        self.open("asyncio/coroutines/")
        assert self.js("document.documentElement.lang") == self.language
        assert self.js("document.documentElement.scrollWidth <= innerWidth")
        assert self.js("[...document.querySelectorAll('.md-content svg')].length")

    def search(self) -> None:
        """The first result of a query is followed."""
        self.open("")
        self.click("[data-md-component=search-query], .md-search__icon")
        box = self.firefox.find_element(By.CSS_SELECTOR, "[data-md-component=search-query]")
        box.send_keys("middleware")
        self.until("document.querySelector('.md-search-result__item a')?.href.includes('middleware')")
        self.click(".md-search-result__item a")
        self.until("location.pathname.includes('middleware')")

    def switch(self) -> None:
        """The switch leads to the same heading in the other language."""
        self.open("aiohttp/middleware/#order")
        other = next(language for language in HOMES if language != self.language)
        self.firefox.execute_script(f"document.querySelector('.md-header a[hreflang={other}]').click()")
        self.until(f"document.documentElement.lang === '{other}' && location.pathname.includes('middleware')")

    def source(self) -> None:
        """A link to server.py has a button that opens the pane, which asks for the reader's file."""
        self.open("server/publishing/")
        self.click(".source-link > button")
        self.until("document.querySelector('.source-panel input[type=file]')")

    def proof(self) -> None:
        """A ✓ opens its panel, and Escape closes it."""
        self.open("aiohttp/middleware/")
        self.click("a.proof")
        self.until("document.querySelector('.proof-panel pre')")
        self.firefox.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
        self.until("!document.querySelector('.proof-panel')")

    def run(self) -> None:
        """A snippet prints what the tests saw it print."""
        self.open("asyncio/coroutines/")
        self.click("[data-run] .run button:last-of-type")
        outcome = self.until("document.querySelector('[data-outcome]')?.dataset.outcome")
        status = self.js("document.querySelector('[data-out] [role=status]').textContent")
        assert outcome == "same" or "✓" in status, (outcome, status)

    def console(self) -> None:
        """The server of server/try-it starts, and responds to a request."""
        self.open("server/try-it/")
        self.click("[data-console] button")
        self.until("document.querySelector('[role=log]')?.textContent.includes('\"sid\"')")
        self.click("form button:last-of-type")
        self.until("document.querySelector('.console-status strong')?.textContent.startsWith('200')")


STEPS = (Walk.reading, Walk.search, Walk.switch, Walk.source, Walk.proof, Walk.run, Walk.console)


def main() -> None:
    """Walk in both languages; a step that fails says why, and the others follow."""
    binary = shutil.which("firefox-esr") or shutil.which("firefox") or sys.exit("install Firefox first")
    firefox = Marionette(bin=binary, headless=True, gecko_log=os.devnull)
    firefox.start_session()
    print(firefox.session_capabilities["browserName"], firefox.session_capabilities["browserVersion"])
    failed = False
    with serving(str(ROOT / "site")) as address:
        for language, home in HOMES.items():
            walk = Walk(firefox, address + home, language)
            for step in STEPS:
                try:
                    step(walk)
                    print(language, step.__name__, "works", flush=True)
                except (AssertionError, MarionetteException) as error:
                    print(language, step.__name__, "FAILS", repr(error), flush=True)
                    failed = True
    firefox.quit()
    sys.exit(failed)


if __name__ == "__main__":
    main()
