"""Time Run and weigh what it fetches: `python -m tools.measure.playground SITE`.

Seconds from the click to the end of the program, in a new browser (cold), in a page opened again (warm) and
on the page that has run one already; what Stop takes; bytes as a compressing host would send them.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial

from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

from tools.browser import FLAGS
from tools.measure.server import GzipHandler, chromium, serving

QUICK, LIBRARY = "asyncio/coroutines/", "aiohttp/middleware/"
ENDLESS = "while True: pass"


class CountingHandler(GzipHandler):
    """Count the bytes of every response."""

    sent: list[int]

    def send_header(self, keyword: str, value: str) -> None:
        """Record each Content-Length."""
        if keyword == "Content-Length":
            self.sent.append(int(value))
        super().send_header(keyword, value)


def button(page: Page, name: str) -> Locator:
    """Return a button of the first block, by what is written on it."""
    return page.locator("[data-run]").first.locator(".run button", has_text=name)


def timed(page: Page, name: str, outcome: str) -> float:
    """Press a button of the first block; return the seconds until its program has this outcome."""
    page.evaluate("delete document.querySelector('[data-run]').dataset.outcome")
    start = time.perf_counter()
    button(page, name).click()
    page.wait_for_function(
        f"document.querySelector('[data-run]').dataset.outcome === '{outcome}'", polling=20
    )
    return time.perf_counter() - start


def opened(context: BrowserContext, address: str) -> Page:
    """Open a page, and wait until nothing more is fetched for it."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    return page


def one_round(launch: Callable[[], BrowserContext], address: str, sent: list[int]) -> dict[str, float]:
    """Measure everything once."""
    found: dict[str, float] = {}
    context = launch()
    page = opened(context, address + QUICK)
    found["KB before a click"] = sum(sent) / 1000
    sent.clear()
    found["cold: first click, s"] = timed(page, "Run", "done")
    found["cold: first click, KB"] = sum(sent) / 1000
    sent.clear()
    found["same page again, s"] = timed(page, "Run", "done")
    button(page, "Edit").click()
    page.locator("textarea").fill(ENDLESS)
    button(page, "Run").click()
    page.wait_for_timeout(500)
    found["Stop, s"] = timed(page, "Stop", "stopped")
    page.close()
    sent.clear()
    page = opened(context, address + LIBRARY)
    found["warm: first click with aiohttp, s"] = timed(page, "Run", "done")
    found["same page again with aiohttp, s"] = timed(page, "Run", "done")
    found["warm: KB, page and aiohttp included"] = sum(sent) / 1000
    page.close()
    page = opened(context, address + QUICK)
    found["warm: first click, s"] = timed(page, "Run", "done")
    context.close()
    return found


def main(site: str) -> None:
    """Print the median of three rounds, each in a browser of its own."""
    sent: list[int] = []
    handler = type("Handler", (CountingHandler,), {"sent": sent})
    rounds = []
    with (
        serving(site, handler) as home,
        sync_playwright() as playwright,
    ):
        for _ in range(3):
            with tempfile.TemporaryDirectory() as profile:
                launch = partial(
                    playwright.chromium.launch_persistent_context,
                    profile,
                    executable_path=chromium(),
                    args=FLAGS,
                )
                sent.clear()
                rounds.append(one_round(launch, f"{home}en/", sent))
    for name in rounds[0]:
        print(f"{name:38}{statistics.median(found[name] for found in rounds):9.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
