"""What a reader sees at each width, in print, and where a page is shared."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import jieba
import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page as MkDocsPage
from PIL import Image, ImageColor, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.site.conftest import QuietHandler, serving
from tools import card, generated, hooks, markdown, model
from tools.model import LANGUAGES, ROOT, Project

HOME = {"zh": "", "en": "en/"}
SUBJECTS = ["server.py", "asyncio", "aiohttp", "HTTP", "Git"]
PHONE = 390
CONTRAST = 3
# The contrast of two colours, as WCAG 2 defines it; a canvas reads any notation.
CONTRAST_OF = """([one, other]) => {
  const pen = document.createElement("canvas").getContext("2d");
  const light = (colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const parts = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const linear = parts.map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}"""


# The names of files that the buttons beside them cover.
COVERED = """[...document.querySelectorAll(".highlight > .filename")].filter(name => {
  const bar = name.parentElement.querySelector(":scope > .run")?.getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(name);
  const { left, right, top, bottom } = range.getBoundingClientRect();
  return bar && bar.left < right && left < bar.right && bar.top < bottom - 1 && top < bar.bottom - 1;
}).map(name => name.textContent)"""

# For each ✓: whether the last letter before it, if there is one in its block, stands on its line.
ALONE = """marks => marks.filter(mark => {
  const block = mark.closest("p, li, td, th, dd, figcaption, h1, h2, h3, h4");
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEndBefore(mark);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node; (node = walker.nextNode()) && !(mark.compareDocumentPosition(node) & 4);)
    if (!node.parentElement.closest("a.proof") && /[^\\s\\u2060]/.test(node.data)) last = node;
  if (!last) return false;
  const at = last.data.replace(/[\\s\\u2060]+$/, "").length;
  before.setStart(last, at - 1);
  before.setEnd(last, at);
  const [letter, here] = [before.getBoundingClientRect(), mark.getBoundingClientRect()];
  return letter.bottom < here.top || letter.top > here.bottom || letter.left > here.left;
}).map(mark => mark.id || mark.href)"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tabs_are_subjects_map_console_and_about(page: Page, address: str, language: str) -> None:
    """Two of them are called as their pages are, and so are the entries at the side."""
    pages = Project().pages(language)
    page.goto(f"{address}{HOME[language]}server/view/")
    own = [pages[path].title for path in ("server/map", "server/try-it")]
    about = {"zh": "关于", "en": "About"}[language]
    assert page.locator(".md-tabs__link").all_inner_texts() == [*SUBJECTS, *own, about]
    beside = page.locator(".md-sidebar--primary a.md-nav__link:not([href^='#'])").all_text_contents()
    assert pages["server/view"].title in [" ".join(text.split()) for text in beside]


def test_one_tab_is_underlined(page: Page, address: str) -> None:
    """A page that has a tab of its own is in a section too; only its own is marked."""
    underlined = "all => all.filter(one => getComputedStyle(one).textDecorationLine === 'underline').length"
    for path in ("server/map/", "server/view/"):
        page.goto(f"{address}{path}")
        assert page.locator(".md-tabs__link").evaluate_all(underlined) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_home_shows_what_runs_at_once(page: Page, address: str, language: str, size: tuple[int, int]) -> None:
    """What the site is about, where to go and a button that runs code stand on the first screen."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{address}{HOME[language]}")
    expect(page.locator("h1")).to_contain_text("server.py")
    for seen in (".md-button", ".highlight .run button"):
        expect(page.locator(seen).last).to_be_in_viewport()


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_shows_code_and_its_output_on_the_first_screen(page: Page, address: str, language: str) -> None:
    """Side by side where there is room, the last line of the output too; below each other elsewhere."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}{HOME[language]}")
    code, output = (page.locator(f".beside > .{one} code") for one in ("language-python", "language-text"))
    end = """code => {
      const range = document.createRange();
      range.selectNodeContents(code);
      return range.getBoundingClientRect().bottom;
    }"""
    assert output.evaluate(end) < 900
    scrolling = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert not page.locator(".beside code").evaluate_all(scrolling)
    for width in (1220, 1024, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        ends_below = output.evaluate(end) > code.evaluate(end)
        assert ends_below == (width != 1220)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_begins_on_the_first_screen(page: Page, address: str, language: str) -> None:
    """Within two thirds of the window; no strip above it says where this page stands in the file."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}{HOME[language]}server/map/")
    assert page.locator(".figure svg").first.evaluate("one => one.getBoundingClientRect().top") < 600
    assert page.locator(".strip").count() == 0


def test_a_section_that_is_a_page_looks_like_a_link(page: Page, address: str) -> None:
    """`server.py` is underlined at the side, `aiohttp` is not."""
    underlined = "one => getComputedStyle(one).textDecorationLine"
    page.goto(f"{address}server/view/")
    label = page.locator(".md-sidebar--primary .md-nav__container > a .md-ellipsis").first
    assert label.evaluate(underlined) == "underline"


@pytest.mark.parametrize("width", [PHONE, 768])
def test_contents_can_be_reached_on_a_narrow_page(page: Page, address: str, width: int) -> None:
    """They unfold above the title; on a wide page they stand beside it."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}aiohttp/middleware/")
    contents = page.locator("details.contents")
    contents.locator("summary").click()
    contents.get_by_role("link").last.click()
    page.wait_for_url("**/#exercise")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(contents).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_fits_each_width(page: Page, address: str, language: str) -> None:
    """Nothing scrolls sideways, a head covers nothing, and each ✓ is on a line with the letter before it."""
    found, marks, widths = [], 0, [320, PHONE, 600, 768, 1440]
    for path, known in Project().pages(language).items():
        page.goto(address + known.address)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, width, "scrolls"))
            found += [(path, width, title) for title in page.evaluate(COVERED)]
            found += [(path, width, mark) for mark in page.locator("article a.proof").evaluate_all(ALONE)]
        marks += page.locator("article a.proof").count()
        widths.reverse()  # the next page is laid out at once as it is looked at first
    assert not found
    assert marks > 1000


def test_a_mark_alone_would_be_seen(page: Page) -> None:
    """The measure sees a ✓ on a line of its own, and one that only follows others."""
    word = '<p style="width:5em;font:16px monospace">aaaaaaaaa. '
    page.set_content(f'{word}<a class="proof" id="a">✓✓</a></p>{word}<br><a class="proof" id="b">✓</a>')
    assert page.locator("a.proof").evaluate_all(ALONE) == ["a", "b"]
    page.set_content('<p>aa. <a class="proof" id="a">✓</a> <a class="proof" id="b">✓</a>')
    assert page.locator("a.proof").evaluate_all(ALONE) == []


def test_what_is_covered_would_be_seen(page: Page, address: str) -> None:
    """Of a head whose buttons are laid over its name."""
    page.goto(f"{address}en/server/cors/")
    page.locator(".highlight > .run").first.wait_for()
    assert page.evaluate(COVERED) == []
    page.add_style_tag(
        content=".highlight { position: relative } .run { left: 0; position: absolute; top: .5rem }"
    )
    assert page.evaluate(COVERED)


def test_a_row_is_a_card_on_a_phone_and_still_a_row(page: Page, address: str) -> None:
    """Each cell below the last, with its name; for a screen reader the table stays a table."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto(f"{address}en/server/hazards/")
    row = page.get_by_role("table").first.get_by_role("row").nth(1)
    cells = row.get_by_role("cell")
    tops = [box["y"] for cell in cells.all() if (box := cell.bounding_box())]
    assert tops == sorted(set(tops))
    assert len(tops) == 5
    named = "cell => getComputedStyle(cell, '::before').content"
    assert cells.nth(1).evaluate(named) == '"Needs"'
    assert cells.nth(0).evaluate(named) == "none"
    page.set_viewport_size({"width": 1440, "height": 800})
    assert cells.nth(1).evaluate(named) == "none"


def test_the_band_above_code_says_what_it_is(page: Page, address: str) -> None:
    """A block that goes on names its file, a block of shell its language; no band is empty."""
    said = "one => getComputedStyle(one, '::before').content"
    page.goto(f"{address}en/aiohttp/middleware/")
    goes_on = page.locator("article .highlight:is([data-run], [data-below]):not(:has(> .filename))").first
    assert "aiohttp/middleware/simple.py" in goes_on.evaluate(said)
    assert page.locator("article .highlight:has(> .filename)").first.evaluate(said) == "none"
    page.set_viewport_size({"width": PHONE, "height": 800})
    assert goes_on.evaluate(said) == "none"
    page.goto(f"{address}en/server/try-it/")
    shell = page.locator(".language-bash").first
    assert shell.evaluate(said) == '"shell"'
    assert float(shell.locator("code").evaluate("one => parseFloat(getComputedStyle(one).paddingTop)")) < 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_copy_button_is_seen_and_covers_no_code(browser: Browser, address: str, scheme: str) -> None:
    """Its icon has the contrast of a control, and no line of code runs below it."""
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{address}en/aiohttp/middleware/")
    blocks = [one for one in page.locator("article .highlight").all() if one.is_visible()]
    assert blocks
    for block in blocks:
        block.scroll_into_view_if_needed()  # the button comes with its block
        inside = "one => getComputedStyle(one).backgroundColor"
        colour = block.locator(".md-code__button").evaluate("one => getComputedStyle(one).color")
        below = block.locator("code").first.evaluate(inside)
        assert page.evaluate(CONTRAST_OF, [colour, below]) >= CONTRAST
        button = block.locator(".md-code__button").bounding_box()
        top = block.locator("code").first.evaluate("""code => {
          const range = document.createRange();
          range.selectNodeContents(code);
          return range.getClientRects()[0].top + scrollY;
        }""")
        scrolled = page.evaluate("scrollY")
        assert button
        assert button["y"] + button["height"] <= top - scrolled + 1
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_red_of_an_output_is_seen(browser: Browser, address: str, scheme: str) -> None:
    """Outputs are dark in both schemes; so are the arrow of what Python reported and the marks below it."""
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{address}en/aiohttp/middleware/")
    output = page.locator("article .language-text code").first
    seal = output.evaluate("one => getComputedStyle(one).getPropertyValue('--seal')")
    below = output.evaluate("one => getComputedStyle(one).backgroundColor")
    assert page.evaluate(CONTRAST_OF, [seal, below]) >= CONTRAST
    page.close()


def test_a_long_docstring_opens_in_place(browser: Browser, address: str) -> None:
    """Its first line is shown; a key opens the rest; who copies the block, or prints it, gets the whole."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}en/server/uploads/")
    block = page.locator("pre:has(.fold)").first
    fold, rest = block.locator(".fold"), block.locator(".fold + span")
    expect(fold).to_have_accessible_name("rest of the docstring")
    expect(rest).to_be_hidden()
    block.scroll_into_view_if_needed()  # the button comes with its block
    block.locator(".md-code__button").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.split() == (block.locator("code").text_content() or "").split()
    expect(rest).to_be_hidden()
    fold.focus()
    page.keyboard.press("Space")
    expect(rest).to_be_visible()
    page.keyboard.press("Space")
    expect(rest).to_be_hidden()
    page.emulate_media(media="print")
    expect(rest).to_be_visible()
    expect(fold).to_be_hidden()
    context.close()


def test_code_selected_by_hand_is_whole(browser: Browser, address: str) -> None:
    """The folded rest of a docstring comes along; the signs and links around it do not."""
    page = browser.new_page()
    page.goto(f"{address}en/server/uploads/")
    page.locator(".run").first.wait_for()
    code = page.locator("pre:has(.fold) code").first
    expect(code.locator(".fold + span").first).to_be_hidden()
    selected = """one => {
      getSelection().selectAllChildren(one);
      return String(getSelection());
    }"""
    assert code.evaluate(selected).rstrip() == (code.text_content() or "").rstrip()
    everything = page.locator("article").evaluate(selected)
    assert "¶" not in everything
    assert "Runs below" not in everything
    page.close()


def test_the_way_to_the_top_stands_in_the_corner(page: Page, address: str) -> None:
    """Scrolling up shows it at the lower right, not over the text."""
    page.goto(f"{address}aiohttp/middleware/")
    page.mouse.wheel(0, 4000)
    page.wait_for_function("scrollY > 2000")
    page.mouse.wheel(0, -300)
    top = page.locator(".md-top:not([hidden])")
    top.wait_for()
    box, text = top.bounding_box(), page.locator("article").bounding_box()
    assert box
    assert text
    assert box["x"] > text["x"] + text["width"]
    assert box["height"] < 60


def test_the_strip_says_of_which_file_it_is(page: Page, address: str) -> None:
    """It stands below the step of the reading path, and would pass for a bar of progress."""
    page.goto(f"{address}en/server/publishing/")
    assert page.locator(".strip").inner_text() == "server.py"
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.locator(".strip svg").bounding_box()
    assert bar
    assert bar["width"] > 240


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_has_its_first_code_and_buttons_on_one_line(page: Page, address: str, language: str) -> None:
    """On a wide page the name of the file leaves room for them."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}{'' if language == 'zh' else 'en/'}")
    name, run = (page.locator(f".beside .{one}").first.bounding_box() for one in ("filename", "run"))
    assert name
    assert run
    assert abs(name["y"] - run["y"]) < 10


# Where each wrapped line of code goes on that stands left of its beginning: its text.
TORN = """all => all.flatMap((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  const boxes = [...range.getClientRects()].filter((box) => box.width);
  const text = one.textContent;
  const begins = boxes[0].left + (text.length - text.trimStart().length) * boxes[0].width / text.length;
  return boxes.some((box) => box.top > boxes[0].bottom - 1 && box.left < begins) ? [text] : [];
})"""


def test_a_phone_wraps_python_further_in(page: Page, address: str) -> None:
    """No block of it scrolls sideways, and a line of deep indent goes on right of its beginning."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto(f"{address}en/server/publishing/")
    code = page.locator("article .language-python.highlight > pre > code")
    assert code.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
    deep = page.locator("article .highlight [class^='in-']")
    assert deep.count()
    assert deep.evaluate_all(TORN) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    assert code.first.evaluate("one => getComputedStyle(one).whiteSpace") == "pre"


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_has_its_first_buttons_on_one_line_on_a_phone(page: Page, address: str, language: str) -> None:
    """Its block is as wide as those of other pages."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto(f"{address}{HOME[language]}")
    for block in page.locator(".beside > .highlight").all():
        assert block.evaluate("one => one.getBoundingClientRect().width") == PHONE
    run = page.locator(".beside .run").bounding_box()
    assert run
    assert run["height"] < 40


def test_the_picture_of_home_stands_beside_the_text_or_below_it(page: Page, address: str) -> None:
    """Where there is room it fills the right of the first screen; elsewhere it begins where the text does."""
    for width in (1440, 1024, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}en/")
        picture, text, questions = (
            page.locator(f"article {one}").first.bounding_box()
            for one in (".overview svg", ".hero p", "#questions")
        )
        assert picture
        assert text
        assert questions
        if width > 768:
            assert text["x"] + text["width"] < picture["x"]
            assert picture["x"] + picture["width"] <= width
            assert abs(picture["y"] - text["y"]) < 30
        else:
            assert text["y"] + text["height"] < picture["y"]
            assert abs(picture["x"] - questions["x"]) < 1


def test_what_unfolds_does_not_glow(page: Page, address: str) -> None:
    """Material's blue and green are no colours of the site; the summary that has the focus has a frame."""
    page.goto(f"{address}en/aiohttp/middleware/")
    answer = page.locator("#exercise ~ details").last
    answer.locator("summary").focus()
    assert answer.evaluate("element => getComputedStyle(element).boxShadow") == "none"


def test_in_the_readers_own_colours_a_block_and_a_button_have_edges(browser: Browser, address: str) -> None:
    """The backgrounds that tell them apart are gone there."""
    page = browser.new_page(forced_colors="active")
    page.goto(f"{address}en/aiohttp/middleware/")
    for edged in (".highlight:has(> .run)", "[data-run] > .run > button"):
        style = page.locator(edged).first.evaluate("element => getComputedStyle(element).borderTopStyle")
        assert style == "solid", edged
    page.close()


def test_in_the_readers_own_colours_icons_and_marks_are_seen(browser: Browser, address: str) -> None:
    """Icons are cut out of a background; backgrounds told which ✓ and which page it is."""
    page = browser.new_page(forced_colors="active")
    page.goto(f"{address}en/server/publishing/")
    of = "([one, pseudo, name]) => getComputedStyle(one, pseudo)[name]"

    def style(selector: str, name: str, pseudo: str | None = None) -> Any:
        return page.evaluate(of, [page.locator(selector).first.element_handle(), pseudo, name])

    paper = style("body", "backgroundColor")
    page.locator("article pre").first.scroll_into_view_if_needed()
    page.locator(".md-code__button").first.wait_for(state="attached")
    for selector, pseudo in ((".md-code__button", "::after"), ("article details summary", "::after")):
        assert style(selector, "backgroundColor", pseudo) != paper, selector
    assert style("a.proof.real", "backgroundColor") != style("a.proof.code", "backgroundColor")
    active = ".md-sidebar--primary a.md-nav__link--active"
    assert style(f"{active} .md-ellipsis", "fontWeight") == "700"
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_proof_pages_says_once_what_they_are(page: Page, address: str, language: str) -> None:
    """Each entry is its page's title; the tab of the browser says that it is the proofs'."""
    page.goto(f"{address}{'' if language == 'zh' else 'en/'}proofs/server/publishing/")
    title = Project().pages(language)["server/publishing"].title
    proofs = {"zh": "证明：", "en": "Proofs: "}[language]
    here = page.locator(".md-sidebar--primary a.md-nav__link--active")
    assert here.last.inner_text().strip() == title
    assert page.title().startswith(proofs + title)
    assert page.locator("h1").inner_text().startswith(proofs)


def test_a_term_is_explained_above_it_in_a_readable_size(page: Page, address: str) -> None:
    """Also with the keyboard; what comes next stays in sight."""
    page.goto(f"{address}aiohttp/middleware/")
    term = page.locator("article p abbr").nth(1)
    term.focus()
    said = page.locator(".md-tooltip2--active .md-tooltip2__inner")
    said.wait_for()
    box, here = said.bounding_box(), term.bounding_box()
    assert box
    assert here
    assert box["y"] + box["height"] <= here["y"] + 1
    assert float(said.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 14


def test_no_explained_term_is_part_of_another_word() -> None:
    """As the search cuts words: 源码 is not 源, and 路由器 is not 路由."""
    terms = re.compile("|".join(markdown.glossary("zh")))
    sections = [section for page in Project().pages("zh").values() for section in page.sections]
    lines = [line for section in sections for line in section.prose.splitlines()]
    explained = [match for line in lines for match in terms.finditer(line) if markdown.is_whole(match)]
    assert len(explained) > 100
    for match in explained:
        for word, start, end in jieba.tokenize(match.string):
            inside = start <= match.start() and match.end() <= end
            assert not inside or match[0].isascii() or word == match[0], (match[0], word, match.string)


def test_print_unfolds_and_says_addresses_on_white(browser: Browser, address: str) -> None:
    """Answers can be read, links into other sites say where, and the dark scheme leaves no black paper."""
    page = browser.new_page(color_scheme="dark")
    page.goto(f"{address}en/aiohttp/middleware/")
    answer = page.locator("details.success pre").first
    expect(answer).to_be_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    expect(answer).to_be_visible()
    colours = "[document.documentElement, document.body].map(one => getComputedStyle(one).backgroundColor)"
    assert page.evaluate(colours) == ["rgb(255, 255, 255)"] * 2
    assert "dark" not in page.evaluate("getComputedStyle(document.body).colorScheme").replace(
        "only light", ""
    )
    page.close()


def test_print_says_the_addresses_of_other_sites_only(page: Page, address: str) -> None:
    """None of this site's, which Material makes whole, none in a table; a file's name stays at its code."""
    page.goto(f"{address}en/server/map/")
    page.locator("article a[href^=http]:visible").first.wait_for()  # whole by now
    page.emulate_media(media="print")
    said = "all => all.map(one => getComputedStyle(one, '::after').content)"
    assert set(page.locator("article a:not(.proof, .source)").evaluate_all(said)) == {"none"}
    page.goto(f"{address}en/asyncio/io-and-cpu/")
    printed = page.locator("article a:not(.proof, .source)").evaluate_all(said)
    assert [one for one in printed if "https://" in one]
    assert not [one for one in printed if address in one]
    block = page.locator(".highlight:has(> .run):has(> .filename)").first
    assert block.evaluate("one => getComputedStyle(one).display") == "block"
    inside = "one => getComputedStyle(one).breakInside"
    assert block.evaluate(inside) == "avoid"  # else the name may stay behind
    assert page.locator("article details").first.evaluate(inside) == "auto"  # it may be long


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_table_is_as_wide_as_the_sheet(page: Page, address: str, language: str) -> None:
    """No column is cut off at the edge, also on A4 with margins of 25 mm."""
    page.set_viewport_size({"width": 605, "height": 1000})
    page.emulate_media(media="print")
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.scrollWidth)"
    for path in ("server/hazards/", "server/map/", "errata/"):
        page.goto(f"{address}{HOME[language]}{path}")
        assert page.locator("article .md-typeset__table, article table").evaluate_all(cut) == [], path


def test_print_fills_its_pages(page: Page, address: str) -> None:
    """A block without a name of its own goes on to the next sheet, with eight lines on each."""
    page.goto(f"{address}en/aiohttp/middleware/")
    page.emulate_media(media="print")
    block = page.locator(".highlight:not(:has(> .filename))").first
    style = "one => [getComputedStyle(one).breakInside, getComputedStyle(one).orphans]"
    assert block.evaluate(style)[0] == "auto"
    assert block.locator("pre").evaluate(style) == ["auto", "8"]
    printed = page.pdf(format="A4")
    page.add_style_tag(content=".md-typeset .highlight { break-inside: avoid } @page { margin: 25mm }")
    assert sheets(printed) < sheets(page.pdf(format="A4"))


def test_the_name_of_a_continued_file_is_printed_with_it(page: Page, address: str) -> None:
    """It does not stay behind at the foot of a sheet."""
    page.goto(f"{address}en/asyncio/tasks/")
    page.emulate_media(media="print")
    page.locator(".run").first.wait_for(state="attached")
    continued = page.locator("article .highlight:is([data-run], [data-below]):not(:has(> .filename))").all()
    assert continued
    for one in continued:
        assert one.evaluate("one => getComputedStyle(one, '::before').breakAfter") == "avoid"


def sheets(pdf: bytes) -> int:
    """Count the pages of what Chromium printed."""
    return len(re.findall(rb"/Type ?/Page\b", pdf))


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize("path", ["errata", "server/map", "server/hazards"])
def test_a_table_has_whole_names_and_a_head_of_one_line(
    page: Page, address: str, path: str, width: int
) -> None:
    """No name is broken in a column, no table scrolls for it, and no head looks as if it sorted."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}en/{path}/")
    page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    heads = page.locator("th[role]")
    assert {one.evaluate("one => getComputedStyle(one).cursor") for one in heads.all()} == {"auto"}
    assert max(one.evaluate("one => one.offsetHeight") for one in heads.all()) < 50
    broken = """all => all.filter(one => !/[\\s/-]/.test(one.textContent) && one.getClientRects().length > 1)
      .map(one => one.textContent)"""
    assert page.locator("td code").evaluate_all(broken) == []
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".md-typeset__scrollwrap").evaluate_all(wide) == 0


def test_a_date_and_han_emphasis(site: Path, page: Page, address: str) -> None:
    """A date takes one line; what is stressed in Chinese is bold and upright."""
    html = (site / "server/then-and-now/index.html").read_text("utf-8")
    assert re.search(r'<span class="date">2026-08-13</span>', html)
    page.goto(f"{address}server/then-and-now/")
    date = page.locator(".date").first.evaluate("one => getComputedStyle(one).whiteSpace")
    assert date == "nowrap"
    page.evaluate("document.querySelector('article p').innerHTML = '<em>返回</em>'")
    style = "one => [getComputedStyle(one).fontStyle, getComputedStyle(one).fontWeight]"
    assert page.locator("article p em").first.evaluate(style) == ["normal", "700"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_has_title_description_and_picture(site: Path, language: str) -> None:
    """On every page; the picture is there, in the size that is said."""
    for page in Project().pages(language).values():
        html = (site / page.address / "index.html").read_text("utf-8")
        tags = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', html))
        assert tags["og:title"].replace("&#39;", "'") in page.title.replace("`", ""), page.name
        assert tags["og:description"]
        assert tags["og:image:alt"] == tags["og:title"], page.name
        assert tags["og:url"].endswith(page.address)
        picture = site / tags["og:image"].removeprefix("http://127.0.0.1:8000/")
        with Image.open(picture) as image:
            assert image.size == card.SIZE


def assert_inside(page: model.Page) -> None:
    """Check that the title has two lines at most, and that it and the description end inside the picture.

    No line is left with a single word of a long description.
    """
    face, title = card.fitting(page.title.replace("`", ""), page.language)
    assert card.fits(title, face), page.name
    assert "".join(title).replace(" ", "") == page.title.replace("`", "").replace(" ", "")
    text = card.face_of(page)
    about = card.in_lines(card.description(page), text)
    assert card.fits(about, text), page.name
    assert text.getlength(about[-1]) > max(map(text.getlength, about)) / 2, page.name
    pen = ImageDraw.Draw(Image.new("RGB", card.SIZE))
    spacing = 10 if page.language == "en" else 2
    *_, bottom = pen.multiline_textbbox((card.LEFT, card.BAND + 36), "\n".join(about), text, spacing=spacing)
    assert bottom < card.TOP - 34 - 15, page.name  # half of the line below


def test_a_chinese_picture_has_chinese_words(site: Path) -> None:
    """Each page has its own, where the machine has a font for it; the longest title stays inside."""
    if not card.chinese():
        pytest.skip("no font with Chinese letters: apt-get install fonts-noto-cjk")
    pages = Project().pages("zh")
    for page in pages.values():
        assert (site / card.address(page.path, "zh")).read_bytes() == card.draw(page.path, page)
        assert_inside(page)
    drawn = [card.draw(path, pages[path]) for path in ("aiohttp/middleware", "aiohttp/requests")]
    assert drawn[0] != drawn[1]


def test_a_page_that_owns_lines_has_a_picture_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also without a Chinese font: its lines are lit; on the picture that the others share, all are."""
    monkeypatch.setattr(card, "chinese", lambda: None)
    assert card.address("server/view") != card.address("server/sending")
    assert card.address("aiohttp/middleware") == card.address("index")
    assert card.draw("server/view") != card.draw("server/sending")


def test_the_picture_of_home_counts_all_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the two that home cites; another page's counts its own."""
    pages = Project().pages("en")
    before = [card.draw(path, pages[path]) for path in ("index", "aiohttp/middleware")]
    monkeypatch.setattr(generated, "counts", lambda: {"proofs": 7})
    after = [card.draw(path, pages[path]) for path in ("index", "aiohttp/middleware")]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True]


def test_an_english_picture_has_the_pages_words() -> None:
    """Pages without lines of their own differ too, and the longest title stays inside."""
    pages = Project().pages("en")
    drawn = [card.draw(path, pages[path]) for path in ("aiohttp/middleware", "aiohttp/requests")]
    assert drawn[0] != drawn[1]
    for page in pages.values():
        assert_inside(page)
    with Image.open(BytesIO(card.draw("server/uploads", pages["server/uploads"]))) as image:
        picture = image.convert("RGB")
    seen = {picture.getpixel((x, card.TOP + 9)) for x in range(card.SIZE[0])}
    colours = re.findall(
        r"^\.subject-\d { fill: (#\w+); }", (ROOT / "docs/theme/assets/site.css").read_text("utf-8"), re.M
    )
    assert colours == [*card.SUBJECTS]
    own = ImageColor.getrgb(card.colour("server/uploads"))
    pale = {card.mixed(one, card.PALE) for one in card.SUBJECTS}
    assert seen == {ImageColor.getrgb(card.PAPER), own, *pale}  # its own lines, and those of all others
    assert own not in pale
    assert picture.getpixel((5, 5)) == own


class OneNotFound(QuietHandler):
    """A host that knows one page for what it lacks."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the 404 of the site."""
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)


def test_the_404_speaks_both_languages(page: Page, site: Path) -> None:
    """A host may know one page for both; its links lead on in each."""
    with serving(site, OneNotFound) as address:
        for lang, home in (("zh", ""), ("en", "en/")):
            page.goto(f"{address}en/no/such/page/")
            part = page.locator(f"article section[lang={lang}]")
            expect(part).to_be_visible()
            part.get_by_role("link").nth(1).click()
            page.wait_for_url(f"{address}{home}server/map/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_repository_that_is_named_can_be_edited(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """With REPO_URL, *Edit this page* leads to the page's file in the branch `main`."""
    monkeypatch.setenv("REPO_URL", "https://github.com/owner/name")
    monkeypatch.setattr(generated, "DRAFT", True)  # makes nothing
    config = load_config(str(ROOT / {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}[language]))
    hooks.on_config(config)
    file = File("server/view.md", config.docs_dir, config.site_dir, use_directory_urls=True)
    edited = MkDocsPage("View", file, config).edit_url
    assert edited == f"https://github.com/owner/name/edit/main/docs/{language}/server/view.md"


def test_no_page_names_a_repository_that_nobody_named(site: Path) -> None:
    """Without REPO_URL there is no link to it, and none to edit a page."""
    for file in (site / "index.html", site / "en/server/view/index.html"):
        html = file.read_text("utf-8")
        assert 'rel="edit"' not in html
        assert "md-source" not in html
