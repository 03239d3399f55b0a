"""Time the search from the last key to the result: `python -m tools.measure.search_speed SITE`."""

import statistics
import sys

from playwright.sync_api import sync_playwright

from tools.browser import FLAGS
from tools.measure.queries import CHINESE, ENGLISH
from tools.measure.server import chromium, serving

WATCH = """query => new Promise(done => {
  const box = document.forms.search.query, list = document.querySelector(".md-search-result");
  const seen = new MutationObserver(() => { seen.disconnect(); done(performance.now() - start); });
  seen.observe(list, { childList: true, subtree: true, characterData: true });
  box.value = query;
  const start = performance.now();
  box.dispatchEvent(new KeyboardEvent("keyup", { key: "x", bubbles: true }));
})"""


def main(site: str) -> None:
    """Print the median and the slowest answer of each language, in milliseconds."""
    with serving(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for home, queries in (("", CHINESE), ("en/", ENGLISH)):
            page = browser.new_page()
            page.goto(address + home)
            page.locator("[data-md-component=search-query]").focus()
            page.wait_for_timeout(2000)  # the index comes with the focus
            taken = [page.evaluate(WATCH, query) for query in queries]
            print(f"{home or 'zh'}: median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1])
