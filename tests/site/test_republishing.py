"""A tab that is kept open while the site is built anew shows the whole old or the whole new."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground import build as playground
from tests.browser import skip_or_fail
from tests.site.conftest import QuietHandler, serving
from tests.site.small_site import SmallSite
from tools.content_names import name_by_content

FOLDER = re.compile(r"/[a-z]+-[0-9a-f]{12}/")


class ForgetfulOfNothing(QuietHandler):
    """Let the browser keep what has its content in its name for ever, and ask about all else."""

    def end_headers(self) -> None:
        """Add the lifetime."""
        kept = FOLDER.search(self.path)
        self.send_header("Cache-Control", "max-age=31536000, immutable" if kept else "no-cache")
        super().end_headers()


@pytest.fixture
def small_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """Build a small site; its snippet prints `one`."""
    if not playground.build_runtime():
        skip_or_fail("the npm registry was out of reach")
    site = SmallSite(tmp_path, monkeypatch)
    site.build("one")
    return site


@pytest.fixture
def small_address(small_site: SmallSite) -> Iterator[str]:
    """Serve it as a host does that lets browsers keep files."""
    with serving(small_site.site, ForgetfulOfNothing) as address:
        yield address


def run_and_read(page: Page) -> tuple[str, str]:
    """Press Run; return the word that the page shows and the word that it prints."""
    page.locator("[data-run] .run button").last.click()
    printed = page.locator(".run-output .stdout")
    expect(printed).to_have_text(re.compile(r"."))
    shown = re.search(r'print\("(\w+)"\)', page.locator("[data-run] code").inner_text())
    assert shown
    return shown[1], printed.inner_text().strip()


def test_a_kept_tab_goes_on_with_the_new_site(page: Page, small_site: SmallSite, small_address: str) -> None:
    """After a new build the next page comes whole: what it shows is what it runs."""
    page.goto(f"{small_address}page/", wait_until="networkidle")
    assert run_and_read(page) == ("one", "one")
    page.evaluate("window.kept = true")
    page.locator("article a", has_text="Back").click()
    page.wait_for_url(small_address)
    assert page.evaluate("window.kept"), "without a new build, nothing is loaded anew"
    small_site.build("two")
    page.locator("article a", has_text="Next").click()
    page.wait_for_url("**/page/")
    page.wait_for_function("!window.kept")
    assert run_and_read(page) == ("two", "two")


def test_a_kept_page_does_not_mix(page: Page, small_site: SmallSite, small_address: str) -> None:
    """A page that stays open over a new build runs what it shows, also if its scripts are gone."""
    page.goto(f"{small_address}page/", wait_until="networkidle")
    small_site.build("two")
    with page.expect_event("load"):
        page.locator("[data-run] .run button").last.click()
    assert run_and_read(page) == ("two", "two")
    small_site.build("three")
    assert run_and_read(page) == ("two", "two")  # Python is there, with the snippets of its page
    page.reload()
    assert run_and_read(page) == ("three", "three")


def test_each_name_goes_with_the_content(small_site: SmallSite) -> None:
    """The same sources give the same bytes; another snippet gives another name to its folder only."""

    def built() -> dict[str, bytes]:
        files = (file for file in small_site.site.rglob("*") if file.is_file())
        return {file.relative_to(small_site.site).as_posix(): file.read_bytes() for file in files}

    first = built()
    small_site.build("one")
    assert [name for name in first if built().get(name) != first[name]] == []
    small_site.build("two")
    gone = {name.partition("/")[0] for name in first.keys() - built().keys()}
    assert [re.sub("-.*", "", folder) for folder in gone] == ["run"]
    assert not [
        name
        for name in first.keys() & built().keys()
        if "/" in name and built()[name] != first[name] and FOLDER.search(f"/{name}")
    ]


def test_a_name_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    """Where the scripts of Run do not say where Python lies, the build stops."""
    for name in ("python/a.js", "run/files.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="does not hold"):
        name_by_content(tmp_path)
