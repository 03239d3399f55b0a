"""axe finds nothing that shuts a reader out: both languages, both schemes, desk and phone.

On CI it looks at every page; elsewhere at one page of each kind, since it takes a second a page.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.project import LANGUAGES, Project
from tests.site.conftest import KINDS, ON_CI

# Made from one template: each page once, the Chinese ones light on a desk, the English ones dark on a phone.
RENDERED = ("proofs/", "reference/")
# Folded source, coloured as all code is; without it a page of proofs takes a fifth of the time.
CONTEXT = {"exclude": [["details.mkdocstrings-source pre"]]}
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


def violations(page: Page, address: str, path: str) -> list[str]:
    """Open a page and return what axe finds there."""
    page.goto(address + path)
    found = Axe().run(page, context=CONTEXT, options={"resultTypes": ["violations"]}).response
    return [f"{path}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(browser: Browser, address: str, language: str, scheme: str, size: str) -> None:
    """No violation on any page, and on the page that says there is none."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page, found = context.new_page(), list[str]()
    pages = Project().pages(language)
    everything = (language, scheme, size) in (("zh", "light", "desk"), ("en", "dark", "phone"))
    for path in pages if ON_CI else KINDS:
        if everything or not path.startswith(RENDERED):
            found += violations(page, address, pages[path].address)
    found += violations(page, address, f"{pages['index'].address}404.html")
    context.close()
    assert not found, "\n".join(found)


def test_axe_would_find_something(browser: Browser) -> None:
    """A picture without a text and grey on grey are found: the check can fail."""
    page = browser.new_page()
    page.set_content('<html lang="en"><main><img src="x.png"><p style="color:#aaa;background:#bbb">grey')
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    page.close()
    assert {"image-alt", "color-contrast"} <= found
