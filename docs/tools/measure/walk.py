"""The walk through the built site that each browser takes, in both languages: firefox.py, webkit.py.

The tests drive Chromium by Playwright, whose Firefox and WebKit are builds of its own; this is for those that
readers have. A driver is Marionette's or Selenium's: both find elements and run scripts alike.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from tools.measure.server import serving
from tools.model import ROOT

PATIENCE = 120  # seconds for one step, on a busy machine
HOMES = {"zh": "", "en": "en/"}
FIRST_SEEN = "[...document.querySelectorAll(`%s`)].find(one => one.getClientRects().length)"
CSS, ESCAPE = "css selector", "\ue00c"  # as the WebDriver standard has them


class Walk:
    """One language of the site, in one tab."""

    def __init__(self, driver: Any, home: str, language: str) -> None:
        self.driver, self.home, self.language = driver, home, language

    def open(self, path: str) -> None:
        """Go to a page of this language."""
        self.driver.get(self.home + path)

    def js(self, expression: str) -> Any:
        """Return the value of an expression on the page."""
        return self.driver.execute_script(f"return {expression}")

    def click(self, css: str) -> None:
        """Click the first such element that the reader sees, once there is one."""

        def clicked() -> bool:
            shown = [element for element in self.driver.find_elements(CSS, css) if element.is_displayed()]
            if shown:
                self.js(f"{FIRST_SEEN % css}.scrollIntoView({{block: 'center'}})")
                shown[0].click()
            return bool(shown)

        self.until(clicked)

    def until(self, condition: str | Callable[[], Any]) -> Any:
        """Wait for a condition, or for an expression on the page, to be true; return its value."""
        ask = condition if callable(condition) else lambda: self.js(condition)
        end = time.monotonic() + PATIENCE
        while True:
            error = ""
            try:
                if value := ask():
                    return value
            except Exception as raised:  # an element that has just gone, a page that is just coming
                error = repr(raised)
            if time.monotonic() > end:
                raise AssertionError(f"waited {PATIENCE} s for {condition} {error}")
            time.sleep(0.2)

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
        box = self.driver.find_element(CSS, "[data-md-component=search-query]")
        box.send_keys("middleware")
        self.until("document.querySelector('.md-search-result__item a')?.href.includes('middleware')")
        self.click(".md-search-result__item a")
        self.until("location.pathname.includes('middleware')")

    def switch(self) -> None:
        """The switch leads to the same heading in the other language."""
        self.open("aiohttp/middleware/#order")
        other = next(language for language in HOMES if language != self.language)
        self.driver.execute_script(f"document.querySelector('.md-header a[hreflang={other}]').click()")
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
        self.driver.find_element(CSS, "body").send_keys(ESCAPE)
        self.until("!document.querySelector('.proof-panel')")

    def run(self) -> None:
        """A snippet prints what the tests saw it print."""
        self.open("asyncio/coroutines/")
        self.click("[data-run] .run button:last-of-type")
        outcome = self.until("document.querySelector('[data-outcome]')?.dataset.outcome")
        status = self.js("document.querySelector('[data-out] [role=status]').textContent")
        assert outcome == "same" or "✓" in status, (outcome, status)

    def console(self) -> None:
        """The server of server/try-it starts and responds to a request; without JSPI it says so."""
        self.open("server/try-it/")
        self.click("[data-console] button")
        if not self.js("'Suspending' in WebAssembly"):
            self.until("document.querySelector('.console [role=status]')?.textContent.includes('JSPI')")
            return
        self.until("document.querySelector('[role=log]')?.textContent.includes('\"sid\"')")
        self.click("form button:last-of-type")
        self.until("document.querySelector('.console-status strong')?.textContent.startsWith('200')")


STEPS = (Walk.reading, Walk.search, Walk.switch, Walk.source, Walk.proof, Walk.run, Walk.console)


def walk(driver: Any, name: str) -> None:
    """Walk in both languages; a step that fails says why, the others follow, and the program ends with 1."""
    print(name)
    failed = False
    with serving(str(ROOT / "site")) as address:
        for language, home in HOMES.items():
            for step in STEPS:
                try:
                    step(Walk(driver, address + home, language))
                    print(language, step.__name__, "works", flush=True)
                except Exception as error:  # whatever the driver raises
                    print(language, step.__name__, "FAILS", repr(error), flush=True)
                    failed = True
    driver.quit()
    sys.exit(failed)
