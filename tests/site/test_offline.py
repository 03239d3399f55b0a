"""An offline copy, unpacked and served, is read, searched and run; it holds one language."""

import os
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.site.built_site import problems
from tests.site.conftest import serving
from tests.site.test_hosting import run_block
from tools.model import LANGUAGES
from tools.offline import pack, without_switch

WORDS = {"zh": "中间件", "en": "middleware"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_works(page: Page, site: Path, tmp_path: Path, language: str) -> None:
    """Search, a result, ✓, Run and the links work; all that is asked for is there, on this server alone."""
    pack(site, language, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        archive.extractall(tmp_path)
    home = "en/" if language == "en" else ""
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    page.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    with serving(tmp_path / "copy") as address:
        page.goto(address)
        page.wait_for_url(address + home)
        page.locator("[data-md-component=search-query]").fill(WORDS[language])
        page.locator("[data-md-component=search-query]").press("End")
        page.locator(".md-search-result__link[href*='aiohttp/middleware/']").first.click()
        page.locator(".md-content mark").first.wait_for()
        page.locator("article a.proof").first.click()
        page.locator(".proof-panel pre").first.wait_for()
        run_block(page, address, home)
        page.locator(".md-footer__link--next").click()
        page.wait_for_url("**/server/origin-check/")
        page.wait_for_load_state("networkidle")
    assert missing == []
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []
    assert page.locator("a.language").count() == 0
    broken = [
        problem for problem in problems(tmp_path / "copy", "http://127.0.0.1:8000/") if "links" in problem
    ]
    assert broken == []


def test_the_same_site_gives_the_same_bytes(tmp_path: Path) -> None:
    """Neither a file's date, nor their order in the folder, nor the other language is in an archive."""
    archives = list[bytes]()
    for names, date in ((["b.css", "a.css", "en/a.css"], 10**9), (["a.css", "en/b.css", "b.css"], 2 * 10**9)):
        site = tmp_path / str(date)
        for name in names:
            file = site / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(file.name, "utf-8")
            os.utime(file, (date, date))
        pack(site, "zh", tmp_path / f"{date}/copy.zip")
        archives.append((tmp_path / f"{date}/copy.zip").read_bytes())
    assert archives[0] == archives[1]


def test_a_page_with_another_switch_is_refused(tmp_path: Path) -> None:
    """Where the template has changed, the link to the other language would stay in, and lead nowhere."""
    (tmp_path / "page.html").write_text('<a class="language" href="en/">English</a>', "utf-8")
    with pytest.raises(ValueError, match=r"page\.html has 0 links to the other language"):
        without_switch(tmp_path / "page.html")
