"""How one moves in the search box, and what it says meanwhile."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import skip_or_fail
from tests.site.conftest import continue_held

BOX = "[data-md-component=search-query]"
SAID = ".md-search-result__meta"


@pytest.fixture(autouse=True)
def searchable(site: Path) -> None:
    """Skip where the site was built with Material's own search."""
    if not (site / "search/docs.json").exists():
        skip_or_fail("the site was built without MiniSearch: the npm registry was out of reach")


def ask(page: Page, query: str) -> None:
    """Type a query, and wait for its results."""
    page.locator(BOX).focus()
    page.locator(".search-keys").wait_for(state="attached")
    page.locator(BOX).fill(query)
    page.locator(".search-keys").wait_for(state="detached")
    page.locator(".md-search-result__item").first.wait_for()


def test_the_arrows_go_from_result_to_result(page: Page, address: str) -> None:
    """Not to what only unfolds; Tab goes there."""
    page.goto(f"{address}en/")
    ask(page, "cache control header")
    reached = []
    for key in ["ArrowDown"] * 9 + ["ArrowUp"] * 3:
        page.keyboard.press(key)
        reached.append(page.evaluate("document.activeElement.tagName + document.activeElement.href"))
    assert {one[0] for one in reached} == {"A"}
    assert len(set(reached[:9])) == 9
    assert reached[9:] == reached[-5:-8:-1]
    page.locator(".md-search-result summary").first.focus()
    expect(page.locator(".md-search-result summary").first).to_be_focused()


def test_an_arrow_goes_on_from_a_fold(page: Page, address: str) -> None:
    """Where Tab has stopped, it reads what is open in it."""
    page.goto(f"{address}en/")
    ask(page, "cache control header")
    fold = page.locator(".md-search-result summary").first
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".md-search-result details[open] a").first).to_be_focused()


@pytest.mark.parametrize("home", ["", "en/"])
def test_a_box_that_loads_says_one_thing(page: Page, address: str, home: str) -> None:
    """Until the index has come, no line asks to type what is already typed."""
    held = list[Route]()
    page.route("**/search/docs.json", lambda route: held.append(route))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}{home}")
    page.locator("label.md-header__button[for=__search]").click()
    page.locator(".search-note a").first.wait_for()
    expect(page.locator(SAID)).to_be_visible()
    page.locator(BOX).press_sequentially("304")
    page.locator(".search-loading").wait_for()
    expect(page.locator(SAID)).to_be_hidden()
    continue_held(page, held)
    page.locator(".md-search-result__item").first.wait_for()
    expect(page.locator(SAID)).to_be_visible()


@pytest.mark.parametrize("home", ["", "en/"])
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("403 forbidden", "server/origin-check"),
        ("403: Forbidden", "server/origin-check"),
        ("413 Request Entity Too Large", "server/upload-limit"),
        ("304 Not Modified", "http/conditional-requests"),
    ],
)
def test_a_status_is_known_by_its_number(
    page: Page, address: str, home: str, query: str, wanted: str
) -> None:
    """What it is called is said in many a place that is not about it."""
    page.goto(f"{address}{home}")
    ask(page, query)
    first = page.locator(".md-search-result__item > .md-search-result__link").first
    expect(first).to_have_attribute("href", re.compile(f"/{wanted}/"))


@pytest.mark.parametrize("query", ["how do I add a header to every response", "怎么加响应头"])
def test_the_chinese_pages_know_the_english_question(page: Page, address: str, query: str) -> None:
    """A reader of Chinese may ask as the documentation of aiohttp does."""
    page.goto(address)
    ask(page, query)
    first = page.locator(".md-search-result__item > .md-search-result__link").first
    expect(first).to_have_attribute("href", re.compile("/aiohttp/middleware/"))


def test_the_search_is_tried_again(page: Page, address: str) -> None:
    """What shows its words could not be fetched at first; nothing is called missing meanwhile."""
    page.goto(f"{address}en/")
    page.context.set_offline(True)
    box = page.locator("[data-md-component=search-query]")
    box.focus()
    box.press_sequentially("gath")
    expect(page.locator(".md-dialog")).to_contain_text("No network")
    expect(page.locator(".md-search-result__meta")).to_be_hidden()
    page.context.set_offline(False)
    box.press_sequentially("er")
    page.locator(".md-search-result__item").first.wait_for()
    expect(page.locator(".md-search-result__meta")).to_be_visible()
