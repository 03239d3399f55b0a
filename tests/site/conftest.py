"""What the tests of the site share: the built site, a server for it and a browser."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.browser import FLAGS, find_browser
from tests.site.build_once import build_once
from tools.browser import find_headless_shell

PATIENCE = 120_000  # ms
# Chromium draws its list of suggestions for each new window, which takes as long as a page of the site. The
# last switch of a kind counts, so what Playwright switches off, such as the holding back of paint, stays on.
NO_SUGGESTIONS = "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"
# Python in a page starts in half of the time if only what runs long is compiled once more, without inlining.
SLOW_TO_OPTIMISE = "--js-flags=--no-wasm-inlining --no-wasm-loop-unrolling --wasm-tiering-budget=100000000"
# One page of each kind; the last two are generated.
KINDS = ("index", "errata", "aiohttp/middleware", "proofs/git/describe", "reference")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give more time to what goes through the whole site in a browser, on a machine that has other work."""
    for item in items:
        if item.nodeid.startswith("tests/site/"):
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def site(base_of_run: Path) -> Path:
    """Return the site, built in both languages."""
    return build_once(base_of_run)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the installed Chromium; what a test awaits in it may take long on a busy machine."""
    path = find_headless_shell() or find_browser()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, NO_SUGGESTIONS, SLOW_TO_OPTIMISE]
        )
        for name in ("new_page", "new_context"):
            setattr(browser, name, patient(getattr(browser, name)))
        yield browser
        browser.close()


def patient(create: Callable[..., Page | BrowserContext]) -> Callable[..., Page | BrowserContext]:
    """Return a function that makes the same page or context, with more patience than Playwright's 30 s."""

    def made(**options: object) -> Page | BrowserContext:
        new = create(**options)
        new.set_default_timeout(PATIENCE)
        return new

    return made


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line of log for each, and the site as if it had been built for this address."""

    def do_GET(self) -> None:
        """Put this port into the sitemap: Material navigates instantly only to what stands there."""
        if not self.path.endswith("/sitemap.xml"):
            return super().do_GET()
        text = Path(self.translate_path(self.path)).read_text("utf-8")
        body = text.replace("http://127.0.0.1:8000/", f"http://{self.headers['Host']}/").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class PolicyHandler(QuietHandler):
    """Serve under a content security policy that lets no text be run as a script."""

    def end_headers(self) -> None:
        """Add the policy."""
        scripts = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'"
        others = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
        self.send_header("Content-Security-Policy", f"{others}; {scripts}")
        super().end_headers()


@contextmanager
def serving(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder on a free port; yield its address."""
    bound = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), bound) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the built site."""
    with serving(site) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page that remembers nothing."""
    page = browser.new_page()
    yield page
    page.close()


def continue_held(page: Page, held: list[Route]) -> None:
    """Answer the first request that a test holds back, once the page has asked."""
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
