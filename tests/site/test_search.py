"""The search, as a reader types: the right page comes first, and the index only when it is wanted."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tools.measure.queries import CHINESE, ENGLISH
from tools.model import Project

BYTES_A_PAGE = 3_000  # so that the next note never breaks a limit
SITES = {"": CHINESE, "en/": ENGLISH}


def search(page: Page, address: str, query: str) -> list[str]:
    """Type a query; return the pages found, best first."""
    box = page.locator("[data-md-component=search-query]")
    box.fill("")
    box.press("End")  # Material looks when a key comes up
    page.wait_for_function("!document.querySelector('.md-search-result__item')")
    box.fill(query)
    box.press("End")
    page.locator(".md-search-result__link").first.wait_for()
    links = page.locator(".md-search-result__item > .md-search-result__link:first-child")
    found = links.evaluate_all("links => links.map(link => link.href.split(/[?#]/)[0])")
    return [link.removeprefix(address).strip("/") for link in found]


@pytest.mark.parametrize("home", SITES)
def test_queries_bring_their_page(page: Page, address: str, home: str) -> None:
    """Of all queries, 95 in a hundred bring their page first, and each within the first three."""
    page.goto(address + home)
    found = {query: search(page, address + home, query) for query in SITES[home]}
    wanted = {query: path.removesuffix("/index") for query, path in SITES[home].items()}
    not_first = {query: found[query][:3] for query in wanted if found[query][:1] != [wanted[query]]}
    missed = {query: found[query][:3] for query in wanted if wanted[query] not in found[query][:3]}
    assert not missed, missed
    assert len(not_first) <= len(found) * 0.05, not_first


def test_a_word_does_not_bring_what_shares_a_character(page: Page, address: str, site: Path) -> None:
    """中间件 brings no page that holds only 中断 or 中心."""
    page.goto(address)
    found = search(page, address, "中间件")
    texts = {path: (site / path / "index.html").read_text("utf-8") for path in found}
    assert len(found) > 5
    assert [path for path, text in texts.items() if "中间件" not in text] == []
    others = [file.read_text("utf-8") for file in site.glob("*/*/index.html") if "en" not in file.parts]
    assert any("中断" in text and "中间件" not in text for text in others)  # so that one could be brought


@pytest.mark.parametrize("home", SITES)
def test_the_index_comes_only_when_the_box_has_the_focus(page: Page, address: str, home: str) -> None:
    """A view does not fetch the index; the focus does."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + home, wait_until="networkidle")
    assert not [url for url in asked if url.endswith("docs.json")]
    with page.expect_request("**/search/docs.json"):
        page.locator("[data-md-component=search-query]").focus()


@pytest.mark.parametrize("home", SITES)
def test_the_index_is_small(site: Path, home: str) -> None:
    """Compressed, a language's index is at most 3 KB a page."""
    size = len(gzip.compress((site / home / "search/docs.json").read_bytes()))
    pages = len(Project().pages("en" if home else "zh"))
    assert size <= BYTES_A_PAGE * pages, (
        f"{size} bytes for {pages} pages: see inverted_index in docs/tools/search.py"
    )


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_opens_the_search(page: Page, address: str, key: str) -> None:
    """Both keys put the focus into the search box; the arrows and Enter lead to a result."""
    page.goto(address)
    page.keyboard.press(key)
    box = page.locator("[data-md-component=search-query]")
    assert box.evaluate("box => box === document.activeElement")
    box.press_sequentially("middleware")
    whole = "document.querySelector('.md-search-result__link')?.href.includes('h=middleware')"
    page.wait_for_function(whole)  # not what the first letters brought
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aiohttp/middleware/**")
    page.locator(".md-content mark").first.wait_for()  # a script marks the words after the page has loaded


@pytest.mark.parametrize(("home", "advice"), [("", "换个说法试试"), ("en/", "Try")])
def test_no_result_says_what_to_try(page: Page, address: str, home: str, advice: str) -> None:
    """Where nothing is found, the box says what to try."""
    page.goto(address + home)
    box = page.locator("[data-md-component=search-query]")
    box.fill("qqqqzzzz")
    box.press("End")
    page.locator(".md-search-result__meta", has_text=advice).wait_for()
