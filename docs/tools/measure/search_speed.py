"""Time the search from the last key to the result: `python -m tools.measure.search_speed SITE`.

Of the site as it is, and of one that has each page ten times.
"""

import json
import statistics
import sys

from playwright.sync_api import Page, Route, sync_playwright

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


TIMES = 10


def multiply(page: Page) -> None:
    """Give the search an index that has each page ten times, each under a name of its own."""

    def answer(route: Route) -> None:
        index = route.fetch().json()
        index["pages"] = [
            {**known, "path": f"{known['path']}{number or ''}"}
            for number in range(TIMES)
            for known in index["pages"]
        ]
        route.fulfill(body=json.dumps(index), content_type="application/json")

    page.route("**/search/docs.json", answer)


def main(site: str) -> None:
    """Print the median and the slowest answer of each language, in milliseconds."""
    with serving(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for home, queries in (("", CHINESE), ("en/", ENGLISH)):
            for times in (1, TIMES):
                page = browser.new_page()
                if times > 1:
                    multiply(page)
                page.goto(address + home)
                page.locator("[data-md-component=search-query]").focus()
                page.wait_for_timeout(2000 * times)  # the index comes with the focus
                taken = [page.evaluate(WATCH, query) for query in queries]
                told = f"median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms"
                print(f"{home or 'zh'}, pages × {times}: {told}", flush=True)
                page.close()


if __name__ == "__main__":
    main(sys.argv[1])
