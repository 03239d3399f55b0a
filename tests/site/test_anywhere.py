"""The site asks no other host whatever a reader does, reads without JavaScript, and works below any path."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.conftest import serving

PAGE = "aiohttp/middleware/"
SITES = {"": "中间件", "en/": "middleware"}


def asked_while_reading(page: Page, address: str, home: str) -> list[str]:
    """Search, follow a result, change scheme, go on, change language; return every address asked."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + home)
    page.locator("[data-md-component=search-query]").fill(SITES[home])
    page.locator("[data-md-component=search-query]").press("End")
    page.locator(f".md-search-result__link[href*='{PAGE}']").first.click()
    page.wait_for_url(f"**/{PAGE}**")
    page.locator(".md-content mark").first.wait_for()
    page.locator("label[for^=__palette]:visible").click()
    page.locator("body[data-md-color-scheme=slate]").wait_for()
    page.locator(".md-footer__link--next").click()
    page.locator("header a.language").click()
    page.wait_for_load_state("networkidle")
    return asked


@pytest.mark.parametrize("home", SITES)
def test_no_other_host_is_asked(page: Page, address: str, home: str) -> None:
    """Neither search nor navigation nor another scheme or language asks another host, nor does the 404."""
    asked = asked_while_reading(page, address, home)
    page.goto(f"{address}{home}404.html", wait_until="networkidle")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []


@pytest.mark.parametrize("home", SITES)
def test_below_a_path(page: Page, site: Path, tmp_path: Path, home: str) -> None:
    """Served below a path, everything is found: pages, scripts, search, both languages.

    Not the 404: it answers at any depth, so its links begin at the address that the site was built for.
    """
    (tmp_path / "some").mkdir()
    (tmp_path / "some/place").symlink_to(site)
    missing: list[str] = []
    page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
    with serving(tmp_path) as address:
        asked = asked_while_reading(page, f"{address}some/place/", home)
    assert missing == []
    assert [url for url in asked if not url.startswith((f"{address}some/place/", "blob:", "data:"))] == []


@pytest.mark.parametrize("home", SITES)
def test_without_javascript(browser: Browser, address: str, home: str) -> None:
    """Text, code, figures, folded answers and all links work without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{home}{PAGE}")
    for part in ("h1", "article pre code", "article svg", "nav.md-tabs a", "a.proof"):
        assert page.locator(part).first.is_visible(), part
    answer = page.locator("details.success")
    answer.locator("summary").click()
    assert answer.locator("pre").first.is_visible()
    page.locator("a.proof").first.click()
    assert "/proofs/" in page.url
    page.go_back()
    page.locator("header a.language").click()
    assert page.url == address + ({"": "en/", "en/": ""}[home]) + PAGE
    context.close()
