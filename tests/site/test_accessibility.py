"""axe finds nothing that shuts a reader out: both languages, both schemes, desk and phone.

On CI it looks at every page; elsewhere at one page of each kind, since it takes seconds a page.
"""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import ON_CI
from tests.site.axe import CODE, DESK, PHONE, violations
from tests.site.conftest import KINDS
from tools.model import LANGUAGES, Project

# Both languages share templates and styles, and a pair has the same blocks: one page is seen in Chinese on a
# light desk, the next in English on a dark phone, without its code, which is coloured alike everywhere; one
# of each kind in two ways a language.
SHARES = 3  # so that several workers share a language


def look(browser: Browser, scheme: str, size: ViewportSize, addresses: list[str], code: bool) -> list[str]:
    """Return what axe finds on some pages, seen in one way."""
    # without transitions: axe would see colours halfway between the schemes
    page = browser.new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        found += violations(page, without=None if code else CODE)
    page.close()
    return found


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, address: str, language: str, share: int) -> None:
    """No violation on any page, seen in one of the languages."""
    if not ON_CI:
        pytest.skip("takes minutes; elsewhere one page of each kind is enough")
    pages = Project().pages(language)
    addresses = [address + page.address for path, page in sorted(pages.items()) if path not in KINDS]
    addresses = addresses[LANGUAGES.index(language) :: len(LANGUAGES)]
    way: tuple[str, ViewportSize] = ("light", DESK) if language == "zh" else ("dark", PHONE)
    found = look(browser, *way, addresses[share::SHARES], code=False)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("zh", "light", DESK), ("zh", "dark", PHONE), ("en", "dark", DESK), ("en", "light", PHONE)],
)
def test_axe_finds_nothing_in_each_way(
    browser: Browser, address: str, language: str, scheme: str, size: ViewportSize
) -> None:
    """Nor on a page of each kind, with its code, and on the page that says that there is none."""
    home = address + Project().pages(language)["index"].address
    addresses = [f"{home}{kind}/".removesuffix("index/") for kind in KINDS]
    found = look(browser, scheme, size, [*addresses, f"{home}404.html"], code=True)
    assert not found, "\n".join(found)


GREY_ON_GREY = [
    '<p style="color:#aaa;background:#bbb">grey',
    '<div style="background:#bbb"><p style="color:#aaa">grey</div>',
    '<label>grey <input value="grey" style="color:#aaa;background:#bbb"></label>',
    '<p aria-disabled="true" style="color:#aaa">off</p>' * 3 + '<p style="color:#aaa">grey',
]


@pytest.mark.parametrize("grey", GREY_ON_GREY)
def test_axe_would_find_something(browser: Browser, grey: str) -> None:
    """A picture without a text and grey on grey, after any number of black texts, are found."""
    page = browser.new_page()
    page.set_content(f'<html lang="en"><main><img src="x.png">{"<p>black</p>" * 9}{grey}')
    for _ in range(2):  # what was marked the first time is marked anew
        found = violations(page)
        assert {"image-alt", "color-contrast"} <= {problem.split(": ")[1] for problem in found}
    page.close()


def test_a_copy_button_keeps_its_name(page: Page, address: str) -> None:
    """Material makes a tooltip of its title while it has the focus."""
    page.goto(f"{address}en/aiohttp/middleware/")
    page.locator("article pre").first.scroll_into_view_if_needed()  # the button comes with its block
    button = page.locator(".md-code__button").first
    button.focus()
    page.locator(".md-tooltip2--active").wait_for()
    expect(button).to_have_accessible_name("Copy to clipboard")


def test_the_keyboard_reaches_code_that_scrolls(page: Page, address: str) -> None:
    """Each block that is wider than its box, also one that is unfolded later, and no other."""
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto(f"{address}en/asyncio/tasks/", wait_until="networkidle")
    wrong = """() => [...document.querySelectorAll("pre > code")]
      .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth !== (one.tabIndex === 0))
      .map((one) => one.textContent)"""
    assert page.evaluate(wrong) == []
    reached = page.locator("pre > code[tabindex]")
    before = reached.count()
    assert before
    page.locator("details:has(pre)").evaluate_all("all => all.forEach((one) => { one.open = true })")
    page.wait_for_function(f"!({wrong})().length")
    assert reached.count() > before
