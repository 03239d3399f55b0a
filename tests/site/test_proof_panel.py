"""A ✓ opens its proof where it stands, and its link leads to the proof's place among the others."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.axe import violations
from tests.site.conftest import serving
from tools import generated
from tools.model import LANGUAGES, Project
from tools.witness import KINDS, kinds_here

PAGE = "aiohttp/middleware/"
CITED = "tests.aiohttp.test_middleware.test_the_list_is_frozen_once_the_server_runs"
SHORT = "tests.aiohttp.test_middleware.test_one_middleware_serves_two_applications"  # whole in its panel
HOME = {"zh": "", "en": "en/"}
SIZES = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]


def sentence(language: str) -> str:
    """Return the sentence of the proof that these tests open."""
    return Project().proofs()[CITED].sentence(language).replace("`", "")


def test_the_panel_never_covers_the_sentence(page: Page, address: str) -> None:
    """Wherever on the screen the ✓ is, its paragraph stays free above or below."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}en/{PAGE}")
    mark = page.locator(f'a.proof[id="{CITED}"]')
    for y in (150, 400, 600, 860):
        mark.evaluate(
            "(one, y) => scrollBy({ top: one.getBoundingClientRect().top - y, behavior: 'instant' })", y
        )
        mark.click()
        page.locator(".proof-panel").wait_for()
        page.evaluate("new Promise(requestAnimationFrame)")
        block, panel = (
            mark.locator("xpath=ancestor::*[self::p or self::li][1]").bounding_box(),
            page.locator(".proof-panel").bounding_box(),
        )
        assert block
        assert panel
        at = mark.bounding_box()
        assert at
        assert panel["y"] >= at["y"] + at["height"] or panel["y"] + panel["height"] <= block["y"]
        page.keyboard.press("Escape")
        expect(page.locator(".proof-panel")).to_have_count(0)


def test_the_panel_opens_where_it_is_whole(page: Page, address: str) -> None:
    """Above, if there is too little room below it and enough above; it stays there when it grows."""
    page.set_viewport_size({"width": 1440, "height": 1100})
    page.goto(f"{address}en/{PAGE}")
    mark = page.locator(f'a.proof[id="{SHORT}"]')
    panel = page.locator(".proof-panel")
    mark.click()
    height = int(panel.evaluate("one => one.scrollHeight"))
    page.keyboard.press("Escape")
    mark.evaluate(
        "(one, height) => scrollBy({ top: one.getBoundingClientRect().bottom - innerHeight + height,"
        " behavior: 'instant' })",
        height,
    )
    mark.click()
    page.evaluate("new Promise(requestAnimationFrame)")
    above, at = panel.bounding_box(), mark.bounding_box()
    assert above
    assert at
    assert 1100 - at["y"] - at["height"] == pytest.approx(height, abs=40)
    assert above["y"] + above["height"] < at["y"]
    assert panel.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    panel.evaluate("one => one.append(Object.assign(document.createElement('p'), { textContent: 'more' }))")
    page.evaluate("new Promise(requestAnimationFrame)")
    grown = panel.bounding_box()
    assert grown
    assert grown["y"] + grown["height"] < at["y"]


def test_on_a_phone_the_sheet_leaves_its_mark_in_sight(page: Page, address: str) -> None:
    """The page scrolls as far as the sheet would cover the ✓."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}en/{PAGE}")
    mark = page.locator(f'a.proof[id="{CITED}"]')
    mark.evaluate("one => scrollBy({ top: one.getBoundingClientRect().top - 700, behavior: 'instant' })")
    mark.click()
    panel = page.locator(".proof-panel")
    panel.wait_for()
    page.wait_for_function(
        "([mark, panel]) => mark.getBoundingClientRect().bottom <= panel.getBoundingClientRect().top",
        arg=[mark.element_handle(), panel.element_handle()],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_opens_in_place_and_gives_the_focus_back(page: Page, address: str, language: str) -> None:
    """Enter opens sentence, how it is known, and test; Escape closes, and the ✓ has the focus again."""
    page.goto(f"{address}{HOME[language]}{PAGE}")
    mark = page.locator(f'a.proof[id="{CITED}"]')
    mark.press("Enter")
    panel = page.get_by_role("dialog", name=sentence(language))
    expect(panel.locator(".known")).to_contain_text(KINDS[kinds_here()[CITED]][language])
    other = Project().proofs()[CITED].sentence("en" if language == "zh" else "zh")
    assert other not in panel.inner_text()
    assert panel.locator("pre span").count() > 5, "the code is not coloured"
    assert f"def {CITED.rpartition('.')[2]}" in panel.locator("pre").inner_text()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(mark).to_be_focused()
    assert page.url == f"{address}{HOME[language]}{PAGE}"


def test_a_click_beside_the_panel_closes_it(page: Page, address: str) -> None:
    """So does its button; its link leads to the proof's place, whose source is unfolded."""
    page.goto(f"{address}en/{PAGE}")
    for closes in ("outside", "button"):
        page.locator(f'a.proof[id="{CITED}"]').click()
        panel = page.locator(".proof-panel")
        panel.wait_for()
        if closes == "outside":
            page.mouse.click(1, 300)
        else:
            page.get_by_role("button", name="Close").click()
        expect(panel).to_have_count(0)
    page.locator(f'a.proof[id="{CITED}"]').click()
    page.locator(".proof-panel .ways a").first.click()
    page.wait_for_url(f"**/proofs/aiohttp/middleware/#{CITED}")
    expect(page.locator(".proof-panel")).to_have_count(0)


def test_a_hover_text_comes_with_the_pointer(page: Page, address: str) -> None:
    """A ✓ has its sentence as hover text once the pointer is on it, and not before."""
    page.goto(f"{address}en/{PAGE}")
    mark = page.locator(f'a.proof[id="{CITED}"]')
    assert mark.get_attribute("title") is None
    mark.hover()
    expect(mark).to_have_attribute("title", re.compile(re.escape(sentence("en"))))
    assert page.locator("article a.proof[title], .headerlink[title]").count() == 1


def test_leaves_without_its_proof(page: Page, address: str) -> None:
    """Where the proof's page cannot be fetched, the ✓ is the link that it is without script."""
    page.goto(f"{address}en/{PAGE}")
    page.route("**/proofs/aiohttp/middleware/", lambda route: route.abort(), times=1)
    page.locator(f'a.proof[id="{CITED}"]').click()
    page.wait_for_url(f"**/en/proofs/aiohttp/middleware/#{CITED}")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_in_the_panel(browser: Browser, address: str, width: int, scheme: Any) -> None:
    """With the panel open, in both schemes, on a desk and on a phone, where it does not pass the edge."""
    size: Any = {"width": width, "height": 844}
    page = browser.new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page.goto(f"{address}{PAGE}")
    page.locator("article a.proof").nth(2).click()
    panel = page.locator(".proof-panel")
    panel.wait_for()
    box = panel.bounding_box()
    found = violations(page)  # on the page around it too, whose first link it must not come before
    page.close()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 844
    assert not found


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_the_proof_is_open_where_the_link_leads(
    browser: Browser, address: str, language: str
) -> None:
    """Its source is seen, the others' are not; in one language; a link leads back to the very sentence."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{HOME[language]}{PAGE}")
    page.locator(f'a.proof[id="{CITED}"]').click()
    heading = page.locator(f'h2[id="{CITED}"]')
    expect(heading).to_have_text(re.compile(re.escape(sentence(language))))
    expect(heading.locator("xpath=following-sibling::details[1]").locator("pre")).to_be_visible()
    assert page.locator("article details pre >> visible=true").count() == 1
    back = heading.locator("xpath=following-sibling::p[1]").locator("a")
    assert (back.first.get_attribute("href") or "").endswith(f"{PAGE}#{CITED}")
    back.first.click()
    expect(page.locator(f'a.proof[id="{CITED}"]')).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_citation_has_a_way_back(site: Path, language: str) -> None:
    """A proof's page links to each section that cites it, and each link leads to something."""
    for proof, places in generated.citations(language).items():
        for page, _, anchor in places:
            html = (site / page.address / "index.html").read_text("utf-8")
            assert f'id="{anchor}"' in html, f"{page.name} has no {anchor} for {proof}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proof_page_speaks_one_language(site: Path, language: str) -> None:
    """Its headings and contents are the sentences in the page's language."""
    han = re.compile(r"[\u4e00-\u9fff]")
    html = (site / HOME[language] / "proofs/aiohttp/middleware/index.html").read_text("utf-8")
    article = html[html.index("<article") : html.index("</article")]
    prose = re.sub(r"<details.*?</details>|<[^>]+>", "", article, flags=re.DOTALL)
    titles = re.findall(r'<h2 id="tests[^>]*>(.*?)<a class="headerlink"', article)
    assert len(titles) > 20
    assert all(bool(han.search(title)) == (language == "zh") for title in titles)
    assert language == "zh" or not han.search(prose)


def test_a_mark_is_called_what_it_proves(site: Path) -> None:
    """For a screen reader each ✓ has its sentence and how it is known as name."""
    html = (site / "en" / PAGE / "index.html").read_text("utf-8")
    marks = re.findall(r'<a [^>]*\bproof\b[^>]*href="[^"]*#tests[^>]*>', html)
    names = [re.search(r'aria-label="Proof: ([^"]+)"', mark) for mark in marks]
    assert len(names) > 30
    assert all(name and any(how["en"] in name[1] for how in KINDS.values()) for name in names)


def test_a_draft_has_no_proof_pages(site: Path, tmp_path: Path, page: Page) -> None:
    """There a ✓ leads to the page that introduces the proofs, with script too."""
    folder = tmp_path / "en/x"
    folder.mkdir(parents=True)
    html = (site / "en" / PAGE / "index.html").read_text("utf-8")
    draft = re.sub(r'href="\.\./\.\./proofs/[^"]+#[^"]+"', 'href="/intro.html"', html)
    (folder / "index.html").write_text(draft.replace("../../", "/en/"), "utf-8")
    (tmp_path / "intro.html").write_text("<h1>Proofs", "utf-8")
    for assets in site.glob("en/assets-*"):
        (tmp_path / "en" / assets.name).symlink_to(assets)
    with serving(tmp_path) as address:
        page.goto(f"{address}en/x/")
        page.locator("article a.proof").first.click()
        page.wait_for_url("**/intro.html")
