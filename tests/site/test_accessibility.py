"""axe finds nothing that shuts a reader out: both languages, both schemes, desk and phone.

On CI it looks at every page; elsewhere at one page of each kind, since it takes seconds a page.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import ON_CI
from tests.site.conftest import KINDS
from tools.model import LANGUAGES, Project

# Made from one template: each page once, light on a desk; two of them dark on a phone as well.
RENDERED = ("proofs/", "reference/")
# Code is coloured alike everywhere: one page of each kind is looked at with it, the others without.
WITHOUT_CODE = {"exclude": [["pre"]]}
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
# What another scheme can change on a page that was looked at already.
COLOURS = {**EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SHARES = 4  # so that several workers share a language


def violations(page: Page, options: dict[str, Any], code: bool = True) -> Iterator[str]:
    """Say what axe finds on a page as it stands, with or without its code."""
    scheme, width = page.evaluate("[document.body.dataset.mdColorScheme, innerWidth]")
    for found in (
        Axe().run(page, context=None if code else WITHOUT_CODE, options=options).response["violations"]
    ):
        yield f"{page.url} {scheme} {width}: {found['id']}: {found['nodes'][0]['html'][:120]}"


def change_scheme(page: Page) -> None:
    """Press the button in the header."""
    before = page.locator("body").get_attribute("data-md-color-scheme")
    page.locator("label[for^=__palette]:visible").dispatch_event("click")  # no pointer, so no tooltip on top
    page.locator(f"body:not([data-md-color-scheme={before}])").wait_for()


def look(page: Page, address: str, once: bool, code: bool) -> Iterator[str]:
    """Say what axe finds light on a desk and dark on a phone; where once is enough, on the desk."""
    page.set_viewport_size(DESK)
    page.goto(address)
    yield from violations(page, EVERYTHING, code)
    if not once:
        change_scheme(page)
        if code:  # the other two of the four, on one page of each kind
            yield from violations(page, COLOURS, code)
        page.set_viewport_size(PHONE)
        yield from violations(page, EVERYTHING, code)
        change_scheme(page)
        if code:
            yield from violations(page, COLOURS, code)


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, address: str, language: str, share: int) -> None:
    """No violation on any page, and on the page that says there is none."""
    # without transitions: axe would see colours halfway between the schemes
    page = browser.new_page(color_scheme="light", reduced_motion="reduce")
    pages = Project().pages(language)
    paths = [path for path in pages if ON_CI or path in KINDS]
    found = [
        problem
        for path in paths[share::SHARES]
        for problem in look(page, address + pages[path].address, path.startswith(RENDERED), path in KINDS)
    ]
    if share == 0:
        found += look(page, f"{address}{pages['index'].address}404.html", once=False, code=True)
    page.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("kind", KINDS[-2:])
def test_rendered_pages_in_the_dark_on_a_phone(browser: Browser, address: str, kind: str) -> None:
    """What mkdocstrings renders is readable in the other scheme and size too."""
    page = browser.new_page(color_scheme="dark", viewport=PHONE)
    page.goto(f"{address}en/{kind.removesuffix('index')}")
    found = list(violations(page, EVERYTHING))
    page.close()
    assert not found, "\n".join(found)


def test_axe_would_find_something(browser: Browser) -> None:
    """A picture without a text and grey on grey are found; where only colours are asked, the grey alone."""
    page = browser.new_page()
    page.set_content('<html lang="en"><main><img src="x.png"><p style="color:#aaa;background:#bbb">grey')
    everything, colours = list(violations(page, EVERYTHING)), list(violations(page, COLOURS))
    page.close()
    assert {"image-alt", "color-contrast"} <= {problem.split(": ")[1] for problem in everything}
    assert [problem.split(": ")[1] for problem in colours] == ["color-contrast"]
