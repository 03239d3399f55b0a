"""Time the search from the last key to the result: `python -m tests.site.measure.search_speed SITE`."""

import functools
import http.server
import statistics
import sys
import threading

from playwright.sync_api import sync_playwright

from tests.browser import FLAGS, find_browser
from tests.site.conftest import QuietHandler
from tests.site.queries import CHINESE, ENGLISH

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
    handler = functools.partial(QuietHandler, directory=site)
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for home, queries in (("", CHINESE), ("en/", ENGLISH)):
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/{home}")
            page.locator("[data-md-component=search-query]").focus()
            page.wait_for_timeout(2000)  # the index comes with the focus
            taken = [page.evaluate(WATCH, query) for query in queries]
            print(f"{home or 'zh'}: median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms")
        server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
