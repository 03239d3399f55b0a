"""In a real browser: the language switch stays, nothing comes from elsewhere, and no page is heavy."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser import find_browser
from tests.site.conftest import KINDS, serving
from tools.model import LANGUAGES, Project

BYTES, REQUESTS = 100_000, 10
CONSOLE = "server/try-it"  # loads what starts it as well


@pytest.mark.parametrize("path", ["", "aiohttp/middleware/", "proofs/aiohttp/middleware/"])
def test_the_language_switch_stays_on_the_page(page: Page, address: str, path: str) -> None:
    """The switch leads to the same page in the other language, and back."""
    page.goto(address + path)
    page.locator("header a[hreflang=en]").click()
    assert page.url == f"{address}en/{path}"
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("header a[hreflang=zh]").click()
    assert page.url == address + path


def test_the_language_switch_keeps_the_heading(page: Page, address: str) -> None:
    """With a heading in the address, the switch leads to the same heading."""
    page.goto(f"{address}aiohttp/middleware/#skipped")
    page.locator("header a[hreflang=en]").press("Enter")
    page.wait_for_url("**/en/**")
    assert page.url == f"{address}en/aiohttp/middleware/#skipped"


def test_the_language_switch_keeps_the_request_of_the_console(page: Page, address: str) -> None:
    """The request in the address is chosen in the other language too; the words of a search are not kept."""
    page.goto(f"{address}server/try-it/?preset=hazard-1")
    page.locator("header a[hreflang=en]").press("Enter")
    page.wait_for_url(f"{address}en/server/try-it/?preset=hazard-1")
    page.goto(f"{address}server/try-it/?h=WebSocket")
    page.locator("header a[hreflang=en]").press("Enter")
    page.wait_for_url(f"{address}en/server/try-it/")


def test_the_language_switch_follows_instant_navigation(page: Page, address: str) -> None:
    """After going on without a new load, the switch leads to the page and the heading that is read."""
    page.goto(f"{address}aiohttp/middleware-classes/")
    page.wait_for_load_state("networkidle")  # the sitemap has come
    page.evaluate("window.kept = true")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url("**/static-files/")
    page.wait_for_function("document.querySelector('link[rel=canonical]').href.includes('static')")
    page.wait_for_function("scrollY === 0")  # the switch goes by what is read
    follows = page.locator("header a[hreflang=en]").evaluate("link => link.href")  # as for a new tab
    assert follows == f"{address}en/aiohttp/static-files/"
    assert page.evaluate("window.kept"), "the page was loaded anew"
    page.locator("#own-code").evaluate("heading => heading.scrollIntoView()")
    page.locator("header a[hreflang=en]").press("Enter")
    page.wait_for_url(f"{address}en/aiohttp/static-files/#own-code")


@pytest.mark.parametrize("folder", ["", "notes/"])
def test_the_scheme_is_kept_in_the_other_language(
    page: Page, site: Path, tmp_path: Path, folder: str
) -> None:
    """Wherever the site is served."""
    if folder:
        (tmp_path / "notes").symlink_to(site)
    with serving(tmp_path if folder else site) as address:
        page.goto(f"{address}{folder}en/aiohttp/middleware/")
        page.locator("label[for^=__palette]:visible").click()
        scheme = "document.body.dataset.mdColorScheme"
        assert page.evaluate(scheme) == "slate"
        page.locator("header a[hreflang=zh]").click()
        page.wait_for_url(f"**/{folder}aiohttp/middleware/")
        assert page.evaluate(scheme) == "slate"


@pytest.mark.parametrize(("home", "other"), [("", "en/"), ("en/", "")])
def test_the_404_leads_to_the_other_language(page: Page, address: str, home: str, other: str) -> None:
    """The page that says that there is none has the switch too; it leads home."""
    page.goto(f"{address}{home}404.html")
    page.locator("header a.language").click()
    page.wait_for_url(address + other)


def view(browser: Browser, url: str) -> tuple[list[str], int, list[str]]:
    """Look at a page for the first time; return the addresses asked, the bytes (gzip) and the errors."""
    context = browser.new_context()
    page, responses, errors = context.new_page(), list[Response](), list[str]()
    page.on("response", lambda response: responses.append(response))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url, wait_until="networkidle")
    weight = sum(len(gzip.compress(response.body())) for response in responses)
    context.close()
    return [response.url for response in responses], weight, errors


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_view_is_light_and_asks_no_other_host(
    browser: Browser, address: str, site: Path, language: str
) -> None:
    """The first view of any page: few requests, few bytes, none to another host, no error."""
    pages = Project().pages(language)
    shared = 0  # what every view loads beside the page itself
    home = pages["index"].address
    for path in (*KINDS, CONSOLE):
        place = f"{home}{path}/".removesuffix("index/")
        asked, weight, errors = view(browser, address + place)
        assert not [url for url in asked if not url.startswith(address)], path
        assert not errors, f"{path}: {errors}"
        assert len(asked) <= REQUESTS, f"{path}: {len(asked)} requests"
        assert weight <= BYTES, f"{path}: {weight} bytes"
        if path != CONSOLE:
            shared = max(shared, weight - size(site, place))
    for page in (site / home).rglob("index.html"):
        weight = shared + size(site, page.parent)
        assert weight <= BYTES, f"{page}: {weight} bytes"


def size(site: Path, path: str | Path) -> int:
    """Return how many bytes a built page has, compressed."""
    return len(gzip.compress((site / path / "index.html").read_bytes()))


@pytest.mark.parametrize("path", ["", "proofs/git/describe/", "aiohttp/middleware/", "server/map/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_script_styles_the_whole_page_again(
    browser: Browser, address: str, scheme: str, path: str
) -> None:
    """A first view computes the style of an element less than twice, on average, in the dark too."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})  # type: ignore[arg-type]
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(address + path, wait_until="networkidle")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree"]
    assert sum(styled) < 2 * page.locator("*").count()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browser_draws_its_own_parts_in_the_scheme(browser: Browser, address: str, scheme: str) -> None:
    """Scroll bars and fields follow a first view's scheme before Material's script runs, and a switch."""
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    told = "document.querySelector('meta[name=color-scheme]').content"
    page.route("**/bundle.*.js", lambda route: route.abort())
    page.goto(address)
    assert page.evaluate(told) == scheme
    page.unroute_all()
    page.reload()
    page.locator("label[for^=__palette]:visible").click()
    assert page.evaluate(told) == {"light": "dark", "dark": "light"}[scheme]
    page.close()


def test_instant_navigation_keeps_the_style_sheets(page: Page, address: str) -> None:
    """Pages of any depth name the same sheets by other addresses; none is fetched again."""
    page.goto(f"{address}en/aiohttp/middleware-classes/")
    page.wait_for_load_state("networkidle")  # the sitemap has come
    sheets = page.locator("link[rel=stylesheet]").all_text_contents()
    page.evaluate("for (const sheet of document.styleSheets) sheet.ownerNode.kept = true")
    for link, there in ((".md-footer__link--next", "**/static-files/"), ("header a.md-logo", "**/en/")):
        page.locator(link).first.click()
        page.wait_for_url(there)
        page.wait_for_function(f"document.querySelector('link[rel=canonical]').href.endsWith('{there[2:]}')")
        kept = page.evaluate("[...document.styleSheets].map((sheet) => sheet.ownerNode.kept)")
        assert kept == [True] * len(sheets)


def test_a_missing_browser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser the reason is given: a failure on CI, a skip elsewhere."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for ci, outcome in (("true", pytest.fail.Exception), (None, pytest.skip.Exception)):
        monkeypatch.setattr("tests.browser.ON_CI", ci)
        with pytest.raises(outcome, match="no Chromium"):
            find_browser()


@pytest.mark.parametrize(("home", "said"), [("en/", "No network"), ("", "连不上网络")])
def test_without_network_a_click_says_so_and_keeps_the_page(
    page: Page, address: str, home: str, said: str
) -> None:
    """A ✓ does not lead to the browser's own page; what is asked for comes once the network is back.

    Chromium 150 keeps it if a module cannot be fetched, and does not ask for that address again.
    """
    page.goto(f"{address}{home}asyncio/tasks/")
    page.context.set_offline(True)
    mark = page.locator("article a.proof").first
    clicked = [
        mark,
        page.locator(".source-link button").first,
        page.locator("[data-run] > .run:visible").first.locator("button").last,
    ]
    for one in clicked:
        one.click()
        dialog = page.locator(".md-dialog--active")
        expect(dialog).to_contain_text(said)
        page.evaluate("document.querySelector('.md-dialog').classList.remove('md-dialog--active')")
    page.context.set_offline(False)
    mark.click()
    page.locator(".proof-panel pre").wait_for()
    page.keyboard.press("Escape")
    clicked[1].click()
    page.locator(".source-panel").first.wait_for()
    clicked[2].locator("..").locator("button").first.click()  # Edit, which needs no Python
    page.locator("article textarea").wait_for()
    page.context.set_offline(True)
    page.locator("article a.proof").nth(1).click()
    expect(page.locator(".md-dialog")).to_contain_text(said)
    assert page.url == f"{address}{home}asyncio/tasks/"
