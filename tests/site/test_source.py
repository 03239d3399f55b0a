"""The source beside the note: where its text comes from, what goes wrong, and how it is opened and left."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from source import build
from tests.site.axe import violations
from tests.site.conftest import serving
from tests.site.made_up import RAW, TEXT, write_site

CHANGED = TEXT.replace("self.count = 0", "self.count = 1\n        self.more = 2")
ALLOWED = {"Access-Control-Allow-Origin": "*"}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the made-up site."""
    folder = tmp_path_factory.mktemp("made-up")
    write_site(folder)
    with serving(folder) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that has kept nothing, in which GitHub does not respond."""
    context = browser.new_context(viewport={"width": 900, "height": 800})
    context.route(RAW, lambda route: route.abort())
    yield context
    context.close()


@pytest.fixture
def open_page(context: BrowserContext, home: str) -> Open:
    """Return what opens the page, in a language, after a script has changed what the browser can do."""

    def open_(language: str = "en", script: str = "", address: str = home) -> Page:
        page = context.new_page()
        page.add_init_script(script)
        page.goto(f"{address}{language}/")
        return page

    return open_


def press(page: Page, number: int = 0) -> None:
    """Press the button at a link: 0 and 1 are in the paragraph, 2 in the list, 3 in the table."""
    page.locator(".source-link > button").nth(number).click()
    page.locator(".source-panel").first.wait_for()


def give(page: Page, text: str | bytes, name: str = "server.py") -> None:
    """Choose a file."""
    data = text.encode() if isinstance(text, str) else text
    page.locator(".source-panel input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/x-python", "buffer": data}
    )


def expect_fate(page: Page, text: str) -> None:
    """Wait until the head says what has become of the lines."""
    expect(page.locator(".source-panel .head > span").first).to_have_text(text)


def lit(page: Page) -> str:
    """Return the lines that stand out."""
    return "".join(page.locator(".source-panel .lit").all_text_contents())


# What a reader may give, and what the head then says: all of these are the made-up v1.
SAME = {
    "as it is": TEXT,
    "Windows": TEXT.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + TEXT,
    "no last end of line": TEXT.rstrip(),
    "UTF-16": TEXT.encode("utf-16"),
}


@pytest.mark.parametrize("given", SAME.values(), ids=SAME)
def test_the_pinned_version_is_known_in_any_form(open_page: Open, given: str | bytes) -> None:
    """Ends of line, a byte order mark and the encoding do not matter."""
    page = open_page()
    press(page)
    give(page, given)
    expect_fate(page, "exactly v1")
    assert lit(page).startswith("def greet(name):\n")


def test_another_version_is_compared(open_page: Open) -> None:
    """Each place has its fate and its lines there; new lines are marked, and the page's sum is said once."""
    page = open_page()
    press(page)
    give(page, CHANGED)
    expect_fate(page, "unchanged")
    press(page, 2)
    banner = "Your copy is not v1: 3 of the 4 places this page points to are word for word the same."
    expect(page.locator(".source-panel .banner")).to_have_text([banner])
    fates = page.locator(".source-panel .head > span:first-of-type")
    expect(fates).to_have_text(["unchanged", "unchanged, moved to lines 17–20"])
    press(page, 1)
    expect(fates.first).to_have_text("changed: 2 of 3 lines as in v1, 2 new; now lines 12–15")
    expect(page.locator(".source-panel .new")).to_have_text(
        ["        self.count = 1\n", "        self.more = 2\n"]
    )
    expect(page.locator(".source-panel .lost")).to_have_text(["1 line is gone here\n"])


def test_a_lost_region_says_where_it_stood(open_page: Open) -> None:
    """Of a region that is gone, the lines around are shown, where it went, and the page that knows more."""
    page = open_page("zh")
    press(page)
    give(page, TEXT.replace(TEXT[TEXT.index("def greet") : TEXT.index("class")], ""))
    expect_fate(page, "你的版本里没有这几行")
    assert lit(page) == ""
    assert page.locator(".source-panel .gap").get_attribute("data-line") == "5"
    expect(page.locator(".about p")).to_have_text(["v2：greet: moved to hello.py", "当时与今天"])
    href = page.get_by_role("link", name="当时与今天").get_attribute("href") or ""
    assert href.endswith("/server/then-and-now/#changed")
    press(page, 2)
    expect(page.locator(".source-panel .about").nth(1)).to_be_empty()


def test_an_encoding_of_another_editor_is_read(open_page: Open) -> None:
    """A Chinese comment in GB 18030 does not keep the rest from being known."""
    page = open_page()
    press(page)
    give(page, TEXT.replace("# a comment", "# 注释").encode("gb18030"))
    expect_fate(page, "unchanged")


REFUSED = {
    "page": (b"<!DOCTYPE html>\n<title>GitHub</title>", "That is a web page, not the source", "这是一个网页"),
    "binary": (b"\x89PNG\0\0", "That is a binary file", "这是二进制文件"),
    "other": (b"print(1)\n" * 40, "hardly ComfyUI's server.py", "几乎没有相同的行"),
    "empty": (b"", "hardly ComfyUI's server.py", "几乎没有相同的行"),
}


@pytest.mark.parametrize(("data", "english", "chinese"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_the_file_is_refused(open_page: Open, data: bytes, english: str, chinese: str) -> None:
    """One sentence says why, in either language; the next try works."""
    for language, words in (("en", english), ("zh", chinese)):
        page = open_page(language)
        press(page)
        give(page, data)
        expect(page.locator(".source-panel .refused")).to_contain_text(words)
        give(page, TEXT)
        page.locator(".source-panel .lit").first.wait_for()
        page.get_by_role("button", name={"en": "Forget", "zh": "删除"}[language]).click()
        page.locator(".source-panel .card").wait_for()


def test_a_file_of_50_megabytes_is_not_even_read(open_page: Open) -> None:
    """One sentence says that it is too large."""
    for language, words in (("en", "larger than 2 MB"), ("zh", "超过 2 MB")):
        page = open_page(language)
        press(page)
        page.locator(".card").evaluate(
            """place => {
              Blob.prototype.arrayBuffer = () => { throw new Error("read") };
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([new Uint8Array(5e7)], "server.py"));
              place.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
            }"""
        )
        expect(page.locator(".refused")).to_contain_text(words)


def test_a_text_can_be_pasted_and_dropped(open_page: Open) -> None:
    """Both ways need no dialog."""
    page = open_page()
    press(page)
    page.locator("textarea").evaluate(
        """(place, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          place.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
        }""",
        TEXT,
    )
    expect_fate(page, "exactly v1")
    page.get_by_role("button", name="Forget").click()
    page.locator(".card").evaluate(
        """(place, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "server.py"));
          place.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }""",
        CHANGED,
    )
    expect_fate(page, "unchanged")


def test_a_text_is_kept_until_it_is_forgotten(open_page: Open) -> None:
    """It is there after a reload; after one click it is gone for good; it never leaves the browser."""
    page = open_page()
    press(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    give(page, CHANGED)
    expect_fate(page, "unchanged")
    assert asked == []
    page.reload()
    press(page)
    expect_fate(page, "unchanged")
    page.get_by_role("button", name="Forget").click()
    page.locator(".card").wait_for()
    page.reload()
    press(page)
    page.locator(".card").wait_for()


def test_github_is_asked_only_after_the_click(context: BrowserContext, open_page: Open) -> None:
    """Nothing is asked of another host before; the card says which; then one request, without a referrer."""
    asked: list[tuple[str, str | None]] = []

    def respond(route: Route) -> None:
        asked.append((route.request.url, route.request.headers.get("referer")))
        route.fulfill(body=TEXT, headers=ALLOWED)

    context.route(lambda url: url.startswith("https:"), respond)
    page = open_page()
    press(page)
    expect(page.locator(".card")).to_contain_text(
        "raw.githubusercontent.com, which may be out of reach in mainland China"
    )
    assert asked == []
    page.get_by_role("button", name="Download from GitHub").click()
    expect_fate(page, "exactly v1")
    assert asked == [(RAW, None)]
    assert page.locator(".source-panel pre").evaluate("pre => pre === document.activeElement")


FAILURES = {
    "no network": (None, "raw.githubusercontent.com is out of reach", "无法访问"),
    "an error": ({"status": 404, "body": "404: Not Found"}, "GitHub responded with error 404", "错误 404"),
    "another text": ({"body": "<html>log in"}, "is not that version", "不符"),
}


@pytest.mark.parametrize(("response", "english", "chinese"), FAILURES.values(), ids=FAILURES)
def test_a_download_that_fails(
    context: BrowserContext, open_page: Open, response: dict[str, object] | None, english: str, chinese: str
) -> None:
    """No network, an error and a captive portal each have their sentence, in either language."""
    if response:
        context.route(RAW, lambda route: route.fulfill(**{"headers": ALLOWED, **response}))
    for language, words in (("en", english), ("zh", chinese)):
        page = open_page(language)
        press(page)
        page.get_by_role("button", name="GitHub").click()
        expect(page.locator(".refused")).to_contain_text(words)
        assert page.locator(".source-panel .head > a").get_attribute("target") == "_blank"


STORAGES = {
    "none": ("delete Window.prototype.caches; delete window.caches", "keeps no files here", "不能保存文件"),
    "refused": (
        "CacheStorage.prototype.open = async () => { throw new DOMException('', 'SecurityError') }",
        *("keeps no files here", "不能保存文件"),
    ),
    "full": (
        "Cache.prototype.put = async () => { throw new DOMException('', 'QuotaExceededError') }",
        *("storage is full", "存储空间已满"),
    ),
}


@pytest.mark.parametrize(("script", "english", "chinese"), STORAGES.values(), ids=STORAGES)
def test_a_browser_that_keeps_nothing(open_page: Open, script: str, english: str, chinese: str) -> None:
    """The text is shown all the same, and one sentence says that it will be gone."""
    for language, words in (("en", english), ("zh", chinese)):
        page = open_page(language, script)
        press(page)
        give(page, TEXT)
        page.locator(".source-panel .lit").first.wait_for()
        expect(page.locator(".source-panel .foot")).to_contain_text(words)


def test_plain_http_is_enough(open_page: Open) -> None:
    """Without `crypto.subtle`, as on plain http, the version is known all the same."""
    page = open_page(script="Object.defineProperty(crypto, 'subtle', { value: undefined })")
    press(page)
    give(page, TEXT)
    expect_fate(page, "exactly v1")


def test_what_the_site_cannot_load_is_said(context: BrowserContext, open_page: Open) -> None:
    """Without what the site knows of the file there is a sentence; the next click tries again."""
    context.route("**/server.py.en.json", lambda route: route.abort(), times=1)
    page = open_page()
    press(page)
    expect(page.locator(".source-panel .body")).to_have_text("The download failed; try again.")
    press(page, 1)
    page.locator(".card").wait_for()


def test_a_served_clone_needs_no_click(context: BrowserContext, tmp_path: Path, open_page: Open) -> None:
    """Where `mkdocs serve` has the text, it is shown; where the server has none after all, the card is."""
    write_site(tmp_path, served=True)
    with serving(tmp_path) as address:
        page = open_page(address=address)
        press(page)
        page.locator(".card").wait_for()
        (tmp_path / "source/server.py").write_text(TEXT, "utf-8")
        page.reload()
        press(page)
        expect_fate(page, "exactly v1")


def test_a_text_is_only_ever_text(open_page: Open) -> None:
    """What looks like HTML in a file stays text; Python is coloured."""
    page = open_page()
    press(page)
    give(page, TEXT.replace("Greet.", "<img src=x onerror=evil()>"))
    page.locator(".source-panel .lit").first.wait_for()
    assert "<img src=x" in lit(page)
    assert page.locator(".source-panel img").count() == 0
    press(page, 3)
    page.locator("tr .lit .s", has_text="# not a comment").wait_for()  # the press is answered later
    note = page.locator("tr.source-holder .lit").nth(1)
    assert note.locator(".s").all_text_contents() == ['"# not a comment"']
    assert note.locator(".c").all_text_contents() == ["# a comment"]


def test_an_excerpt_is_opened_and_left_with_the_keyboard(open_page: Open) -> None:
    """Enter opens, the arrows go on, Escape closes; the focus comes back, and the section has a name."""
    page = open_page()
    markers = page.locator(".source-link > button")
    markers.first.focus()
    page.keyboard.press("Enter")
    section = page.get_by_role("region", name="server.py, lines 5–8")
    section.wait_for()
    assert markers.first.get_attribute("aria-label") == "Show the source here: lines 5–8"
    assert markers.first.get_attribute("aria-expanded") == "true"
    assert markers.first.get_attribute("aria-controls") == section.get_attribute("id")
    give(page, TEXT)
    expect(page.locator(".source-said")).to_have_text("server.py, lines 5–8 exactly v1")
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    page.get_by_role("region", name="server.py, lines 12–14").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("region", name="server.py, lines 16–19").wait_for()
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    assert page.locator(".source-panel").count() == 1
    page.get_by_role("button", name="Previous").press("Enter")
    page.get_by_role("region", name="server.py, lines 12–14").wait_for()
    page.keyboard.press("Escape")
    expect(markers.nth(1)).to_be_focused()
    assert page.locator(".source-panel").count() == 0
    assert markers.nth(1).get_attribute("aria-expanded") == "false"


def test_an_excerpt_says_who_else_speaks_of_the_lines(open_page: Open) -> None:
    """The other pages are links; the map is none of them; the name has what the map says on it."""
    page = open_page()
    press(page)
    others = page.locator(".others a")
    expect(others).to_have_text(["Other page", "Page", "✓", "Then and now"])
    assert (others.nth(1).get_attribute("href") or "").endswith("/en/server/page/#part")
    assert page.locator(".source-panel .head > a").get_attribute("title") == "Say hello"


def test_always_is_remembered(open_page: Open) -> None:
    """With room there is a pane with the whole file; without, an excerpt at each paragraph, in its place."""
    page = open_page()
    press(page)
    give(page, TEXT)
    page.get_by_label("Always show the source").first.check()
    expect(page.locator(".source-panel")).to_have_count(2)  # paragraph and list, no table
    page.set_viewport_size({"width": 1600, "height": 800})
    pane = page.locator(".source-pane")
    pane.wait_for()
    expect(page.locator(".source-panel")).to_have_count(1)
    assert pane.locator(".row").count() == len(TEXT.splitlines())
    page.reload()
    pane.wait_for()
    page.locator(".source-link > button").nth(2).click()
    expect(pane.locator(".head > a")).to_have_text("server.py, lines 16–19")
    assert lit(page).startswith("    def stop(self):\n")
    pane.locator("pre").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".source-link > button").nth(2)).to_be_focused()
    assert pane.is_visible()
    pane.get_by_role("button", name="Close").click()
    expect(pane).to_have_count(0)
    page.reload()
    page.wait_for_timeout(300)
    assert page.locator(".source-panel").count() == 0


def test_the_link_opens_it_too(open_page: Open) -> None:
    """A click does what the button does; with Ctrl held down it is left to the browser."""
    page = open_page()
    link = page.locator("a.source").first
    link.click()
    page.locator(".source-panel").wait_for()
    expect(page.locator(".source-link > button").first).to_have_attribute("aria-expanded", "true")
    link.click()
    expect(page.locator(".source-panel")).to_have_count(0)
    page.evaluate(
        "addEventListener('click', event => { taken = event.defaultPrevented; event.preventDefault(); })"
    )
    link.click(modifiers=["Control"])
    assert page.evaluate("taken") is False
    assert page.locator(".source-panel").count() == 0


def test_what_a_click_opens_is_in_sight(page: Page, address: str) -> None:
    """Also where the link stands at the lower edge of the window."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}en/aiohttp/middleware/")
    link = page.locator("article a.source").first
    page.locator(".source-link > button").first.wait_for()
    link.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 800)")
    link.click()
    expect(page.locator(".source-holder")).to_be_in_viewport(ratio=1)


def test_escape_on_its_marker_closes_it(open_page: Open) -> None:
    """The focus is still on what opened it."""
    page = open_page()
    page.locator(".source-link > button").first.press("Enter")
    page.locator(".source-panel").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".source-panel")).to_have_count(0)
    expect(page.locator(".source-link > button").first).to_be_focused()


def test_the_pane_begins_with_what_was_being_read(open_page: Open) -> None:
    """Who asks for it in an excerpt sees the same lines there, and the link has the focus."""
    page = open_page()
    page.set_viewport_size({"width": 1600, "height": 800})
    press(page)
    give(page, TEXT)
    press(page, 2)
    page.get_by_label("Always show the source").nth(1).click()  # then it is gone
    pane = page.locator(".source-pane")
    expect(pane.locator(".head > a")).to_have_text("server.py, lines 16–19")
    expect(page.locator(".source-link > button").nth(2)).to_be_focused()


def test_a_line_leads_to_the_pages_about_it(open_page: Open) -> None:
    """By its number in the reader's copy, typed or clicked; the lines that a page speaks of are marked."""
    page = open_page(script="localStorage.source = 'always'")
    page.set_viewport_size({"width": 1600, "height": 800})
    page.reload()
    page.locator(".source-pane .card").wait_for()
    expect(page.get_by_label("Line", exact=True)).to_be_hidden()
    give(page, "# one\n# two\n" + TEXT)
    marks = page.locator(".source-pane .noted")
    expect(marks).to_have_count(4 + 12)  # greet, and the class
    answer = page.locator(".source-pane .line p")
    page.get_by_label("Line", exact=True).fill("8")
    page.keyboard.press("Enter")
    expect(answer).to_have_text("Pages about line 8: Other page · Page ✓ · Then and now")
    assert (answer.locator(".proof").get_attribute("href") or "").endswith("/en/proofs/server/page/")
    marks.nth(4).click(position={"x": 20, "y": 5})
    expect(answer).to_have_text("Pages about line 13: Other page")
    page.get_by_label("Line", exact=True).fill("1")
    page.get_by_role("button", name="Look up").click()
    expect(answer).to_have_text("No page is about line 1.")


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_a_hover_text_comes_with_the_pointer(context: BrowserContext, open_page: Open, way: str) -> None:
    """What the lines do is fetched for the pointer or the focus, not before; else the text says: GitHub."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page = open_page()
    links = page.locator("a.source")
    assert not any("server.py" in url for url in asked)
    for number, text in ((0, "Say hello"), (1, "GitHub, new tab")):
        assert links.nth(number).get_attribute("title") is None
        links.nth(number).hover() if way == "pointer" else links.nth(number).focus()
        expect(links.nth(number)).to_have_attribute("title", text)
    assert "server.py.en.json" in asked
    assert "panel.js" not in asked


LEFT, RIGHT, TOP, BOTTOM = (
    f"one => one.getBoundingClientRect().{side}" for side in ("left", "right", "top", "bottom")
)
COMPARED = [((1440, 900), False), ((900, 800), False), ((390, 844), False), ((1440, 900), True)]


@pytest.mark.parametrize(("size", "always"), COMPARED)
def test_the_original_stands_beside_the_re_creation(
    open_page: Open, size: tuple[int, int], always: bool
) -> None:
    """Side by side if there is room, else below; with names and differences; the focus returns."""
    page = open_page(script="localStorage.source = 'always'" if always else "")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    block = page.locator("[data-original]")
    code, panel = block.locator("> pre"), page.locator(".source-pane" if always else ".source-panel")
    if not always:
        page.get_by_role("button", name="Compare with the original").focus()
        page.keyboard.press("Enter")
        panel.wait_for()
    markers = block.locator(".source-link > button")
    if always:
        markers.first.click()
    give(page, TEXT)
    panel.locator(".lit").first.wait_for()
    expect(block.locator(".source")).to_have_text(["The original, lines 5–8", "The original, lines 20–21"])
    about = panel.locator(".about p")
    expect(about).to_have_text(["welcome → greet", "ComfyUI: a greeting.", "ComfyUI: it is returned."])
    assert lit(page).startswith("def greet(name):\n")
    if not always:  # the links to the lines cover nothing of the original
        bar = block.locator("> .run")
        assert bar.evaluate(BOTTOM) <= panel.evaluate(TOP) or bar.evaluate(RIGHT) <= panel.evaluate(LEFT)
    expect(code).to_be_visible()
    if size[0] < 1220:
        assert code.evaluate(BOTTOM) <= panel.evaluate(TOP)
    elif not always:
        assert code.evaluate(RIGHT) <= panel.evaluate(LEFT)
        assert panel.evaluate(RIGHT) <= size[0]
        assert code.evaluate(TOP) < panel.evaluate(BOTTOM)
        assert panel.evaluate(TOP) < code.evaluate(BOTTOM)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    markers.nth(1).click()
    expect(about.first).to_have_text("log → Server.note")
    panel.get_by_role("button", name="Close").focus()
    page.keyboard.press("Escape")
    expect(markers.nth(1)).to_be_focused()
    expect(code).to_be_visible()


def test_nothing_is_printed_unless_it_is_open(open_page: Open) -> None:
    """On paper there are no buttons; an open excerpt is printed with its code."""
    page = open_page()
    page.emulate_media(media="print")
    sign = "button => getComputedStyle(button, '::before').content"
    assert page.locator(".source-link > button").first.evaluate(sign) == "none"
    page.emulate_media(media="screen")
    press(page)
    give(page, TEXT)
    page.locator(".source-panel .lit").first.wait_for()
    page.emulate_media(media="print")
    assert page.locator(".source-panel .lit").first.is_visible()
    assert not page.locator(".source-panel .choices").is_visible()


SYNTHETIC = "".join(f"line_{number} = {number}\n" for number in range(1, 850))


def synthetic(route: Route) -> None:
    """Answer with what the site knows of server.py, but for another text of as many lines."""
    known = route.fetch().json()
    sums = [hashlib.sha256(line.encode()).hexdigest() for line in SYNTHETIC.splitlines()]
    route.fulfill(json={**known, "sums": build.pack(sums)})


def open_built(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Page:
    """Open a page of the built site that has a text and shows it always."""
    width, height = size
    page = browser.new_page(
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
    )
    page.route("**/server.py.*.json", synthetic)
    page.goto(address)
    press(page)
    give(page, SYNTHETIC)
    page.locator(".source-panel .lit").first.wait_for()
    page.locator(".source-panel input[type=checkbox]").first.check()
    page.locator(".source-panel .lit").first.wait_for()
    return page


LOOKS = [
    ("", (390, 844), "dark"),
    ("en/", (768, 1000), "light"),
    ("en/", (1440, 900), "dark"),
    ("", (1920, 1000), "light"),
]


@pytest.mark.parametrize(("home", "size", "scheme"), LOOKS)
def test_axe_finds_nothing(
    browser: Browser, address: str, home: str, size: tuple[int, int], scheme: str
) -> None:
    """With excerpts or the pane open, and with the card, axe finds no violation, and nothing sticks out."""
    page = open_built(browser, f"{address}{home}server/publishing/", size, scheme)
    page.mouse.move(0, 0)
    expect(page.locator(".md-tooltip2")).to_have_count(0)  # Material's own stand outside every landmark
    assert violations(page) == []
    rights = "panels => panels.map(panel => panel.getBoundingClientRect().right)"
    assert max(page.locator(".source-panel").evaluate_all(rights)) <= size[0]
    page.locator(".choices button").first.click()
    page.locator(".card").first.wait_for()
    assert violations(page, ".card") == []
    page.close()


BESIDE = [
    ("en/", (1440, 900), "light"),
    ("", (1920, 1000), "dark"),
    ("", (768, 1000), "light"),
    ("en/", (390, 844), "dark"),
]


@pytest.mark.parametrize(("home", "size", "scheme"), BESIDE)
def test_axe_finds_nothing_beside_the_original(
    browser: Browser, address: str, home: str, size: tuple[int, int], scheme: str
) -> None:
    """With the original beside a part of the re-creation, or below; nothing sticks out."""
    page = open_built(browser, f"{address}{home}server/sending/", size, scheme)
    page.locator(".source-panel input[type=checkbox]").first.click()
    block = page.locator("[data-original]").first
    block.locator(".source + button, .run > button").first.click()
    panel = block.locator(".source-panel")
    panel.locator(".lit").first.wait_for()
    expect(block.locator("> pre")).to_be_visible()
    panel.evaluate(
        "one => { one.style.minHeight = '40rem'; }"
    )  # longer than ours, which stays below its links
    links = block.locator("> .run .source")
    assert 0 <= block.locator("> pre").evaluate(TOP) - links.last.evaluate(BOTTOM) < 30
    assert panel.evaluate(RIGHT) <= size[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if size[0] >= 1220:  # two columns: long lines wrap
        code = block.locator("> pre > code")
        code.evaluate("one => one.append('x '.repeat(99))")
        panel.locator(".lit").first.evaluate("one => one.append('x '.repeat(99))")
        for one in (code, panel.locator("pre")):
            assert one.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert violations(page, "[data-original]") == []
    page.close()


def test_an_excerpt_lets_the_wheel_go_on(browser: Browser, address: str) -> None:
    """Where its code ends, the page is scrolled."""
    page = open_built(browser, f"{address}en/server/publishing/", (900, 800))
    code = page.locator(".source-panel pre").first
    code.hover()
    code.evaluate("code => code.scrollTo(0, code.scrollHeight)")
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 600)
    page.wait_for_function("before => scrollY > before", arg=before)
    page.close()


def test_materials_keys_and_ours_do_not_meet(browser: Browser, address: str) -> None:
    """A letter searches or turns the page only where nothing is typed; Escape closes what has the focus."""
    page = open_built(browser, f"{address}en/server/publishing/", (900, 800))
    search = page.locator("[data-md-toggle=search]")
    page.locator(".source-panel pre").first.focus()
    page.keyboard.press("s")
    expect(search).to_be_checked()
    page.keyboard.press("Escape")
    expect(search).not_to_be_checked()
    expect(page.locator(".source-panel").first).to_be_visible()
    page.get_by_role("button", name="Forget").first.click()
    expect(page.locator(".source-panel:not(:has(.card))")).to_have_count(0)  # each is drawn anew
    page.locator(".source-panel textarea").first.focus()
    url = page.url
    page.keyboard.type("fs/pn.,")
    expect(page.locator(".source-panel textarea").first).to_have_value("fs/pn.,")
    expect(search).not_to_be_checked()
    assert page.url == url
    page.keyboard.press("Escape")
    expect(page.locator(".source-link > button").first).to_be_focused()
    page.close()


SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  const add = (entry) => entry.sources.some(({ node }) => !node?.closest?.(".md-header")) ? entry.value : 0;
  new PerformanceObserver((list) => {
    sum += list.getEntries().map(add).reduce((a, b) => a + b, 0);
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_nothing_moves_where_the_source_is_always_shown(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    """A page that loads with it keeps the room from the first."""
    page = open_built(browser, f"{address}en/server/publishing/", size)
    page.goto(f"{address}en/server/prompt-queue/")
    page.locator(".source-panel .lit").first.wait_for()
    assert page.evaluate(SHIFTS) < 0.001
    page.close()


def test_the_pane_stays_and_follows(browser: Browser, address: str) -> None:
    """It shows what is being read; instant navigation keeps it; a page without links has the whole width."""
    page = open_built(browser, f"{address}en/server/publishing/", (1440, 900))
    pane, name = page.locator(".source-pane"), page.locator(".source-pane .head > a")
    pane.evaluate("pane => { pane.dataset.mark = 1 }")
    expect(page.locator("details.contents")).to_be_visible()  # the pane takes their column
    first = name.inner_text()
    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    expect(name).not_to_have_text(first)
    page.locator("article a[href$='/en/server/sending/'], article a[href$='../sending/']").first.click()
    page.locator('link[rel=canonical][href$="/en/server/sending/"]').wait_for(state="attached")
    expect(pane.locator(".lit").first).to_be_visible()
    link = page.locator("a.source").first.get_attribute("href") or ""
    expect(name).to_have_attribute("href", link)
    assert pane.get_attribute("data-mark") == "1"
    page.locator(".md-tabs__link", has_text="About").click()
    page.wait_for_url("**/en/errata/")
    expect(pane).to_be_hidden()
    page.close()


def test_the_pane_does_not_follow_what_is_folded(browser: Browser, address: str) -> None:
    """Of a closed note no line is read, wherever the page is scrolled to; opened, its lines are shown."""
    page = open_built(browser, f"{address}en/server/uploads/", (1440, 900))
    chosen = page.locator(".source-link > [aria-expanded=true]")
    folded = page.locator("details:not([open]) .source-link > button")
    assert folded.count()
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 300):
        page.evaluate("top => scrollTo({ top, behavior: 'instant' })", top)
        page.evaluate("new Promise(requestAnimationFrame)")
        expect(chosen).to_have_count(1)
        assert not chosen.evaluate("one => Boolean(one.closest('details:not([open])'))"), top
    folded.first.evaluate("one => { one.closest('details').open = true; one.scrollIntoView() }")
    expect(page.locator("details[open] .source-link > [aria-expanded=true]")).to_have_count(1)
    page.close()


def test_the_policy_lets_only_one_other_host_through(page: Page, address: str) -> None:
    """A request to GitHub's raw host gets out, one to any other host does not."""
    asked: list[str] = []

    def respond(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="", headers=ALLOWED)

    page.route(lambda url: url.startswith("https:"), respond)
    page.goto(f"{address}en/server/publishing/")
    script = "url => fetch(url).then(() => true, () => false)"
    assert page.evaluate(script, "https://raw.githubusercontent.com/x")
    assert not page.evaluate(script, "https://example.org/x")
    assert asked == ["https://raw.githubusercontent.com/x"]


def test_links_work_without_scripts(browser: Browser, address: str) -> None:
    """Each has its target and its lines; no button and no gap stands there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}en/server/cache-control/")
    link = page.locator("a.source").first
    assert (link.get_attribute("href") or "").endswith("/server.py#L61-L66")
    assert link.get_attribute("target") == "_blank"
    assert link.inner_text() == "lines\u00a061–\u206066"
    assert page.locator(".source-link").count() == 0
    assert link.evaluate("link => getComputedStyle(link).marginRight") == "0px"
    context.close()


# How far the first sign of a lit line is from the left edge of its row, in letters of the code.
INDENTED = """row => {
  const range = document.createRange();
  const text = document.createTreeWalker(row, NodeFilter.SHOW_TEXT).nextNode();
  const first = row.textContent.search(/\\S/);
  range.setStart(text, Math.min(first, text.length - 1));
  range.setEnd(text, Math.min(first, text.length - 1) + 1);
  return range.getBoundingClientRect().right - row.getBoundingClientRect().left;
}"""


def test_a_phone_shows_no_blanks_that_all_lines_begin_with(open_page: Open) -> None:
    """Lines of a method begin at the edge; on a wide page they stand as they are."""
    page = open_page()
    press(page, 2)
    give(page, TEXT)
    expect_fate(page, "exactly v1")
    row = page.locator(".source-panel .lit").first
    assert (row.text_content() or "").startswith("    def stop")
    wide = float(row.evaluate(INDENTED))
    page.set_viewport_size({"width": 390, "height": 844})
    edge = float(row.evaluate("row => parseFloat(getComputedStyle(row).paddingLeft)"))
    assert float(row.evaluate(INDENTED)) == pytest.approx(edge, abs=2)
    assert wide > edge + 20
    number = row.evaluate("row => getComputedStyle(row, '::before').textIndent")
    assert number == "0px"
