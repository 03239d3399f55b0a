"""The search, as a reader types: the right page comes first, and says why."""

import gzip
import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Literal

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from playground import build as playground
from tests.browser import skip_or_fail
from tests.site.axe import DESK, PHONE, violations
from tests.site.conftest import continue_held, serving
from tools import generated
from tools.measure.queries import CHINESE, ENGLISH
from tools.model import ROOT, Project

BYTES_A_PAGE = 3_000  # so that the next note never breaks a limit
SITES = {"": CHINESE, "en/": ENGLISH}
BOX = "[data-md-component=search-query]"
FIRST = ".md-search-result__item:first-child"
# Asks the engine itself, quicker than the box: for each text what is on no page, and what comes first.
ASK = """async ([home, texts, find]) => {
  const config = JSON.parse(document.getElementById("__config").textContent);
  const assets = new URL("../", new URL(config.search, location.href));
  const { Engine } = await import(new URL("search/engine.js", assets));
  const engine = window.engine ??= new Engine(await (await fetch(`${home}search/docs.json`)).json());
  return texts.map((text) => {
    const { hits, query } = find ? engine.search(text) : { hits: [], query: engine.understand(text) };
    const found = hits.slice(0, 3).map(({ page, sections }) => [page.path, ...sections.map(({ id }) => id)]);
    return { text, unknown: query.unknown, near: query.near, found };
  });
}"""


# Types into the box one query after the other, within the page, which takes a third of the time; returns for
# each the pages found, best first, and how many words of the first are marked.
TYPE_ALL = """async ([selector, queries]) => {
  const box = document.querySelector(selector), all = [];
  const type = async (text, keys) => {
    box.value = text;
    box.dispatchEvent(new KeyboardEvent("keyup", { key: "End" }));
    const end = performance.now() + 60_000, shown = () => !!document.querySelector(".search-keys") === keys;
    while (!shown() && performance.now() < end) await new Promise((done) => setTimeout(done));
    if (!shown()) throw new Error(`no answer to “${text}”`);
  };
  box.focus();
  for (const query of queries) {
    await type("", true);
    await type(query, false);
    const found = document.querySelectorAll(".md-search-result__item");
    const links = [...found].map((one) => one.querySelector("a.md-search-result__link"));
    all.push([links.map((link) => link.href.split(/[?#]/)[0]), found[0]?.querySelectorAll("mark").length]);
  }
  return all;
}"""
# Each answer changes what stands above the list.
COUNT_ANSWERS = """answers = 0;
new MutationObserver(() => answers++)
  .observe(document.querySelector(".md-search-result__meta"), { childList: true })"""


@pytest.fixture(autouse=True)
def searchable(site: Path) -> None:
    """Skip where the site was built with Material's own search."""
    if not (site / "search/docs.json").exists():
        skip_or_fail("the site was built without MiniSearch: the npm registry was out of reach")


@pytest.fixture(scope="module")
def homes(browser: Browser, address: str) -> Iterator[dict[str, Page]]:
    """Open the home page of each language, for the tests that only ask and look."""
    pages = {home: browser.new_page() for home in SITES}
    for home, page in pages.items():
        page.goto(address + home)
    yield pages
    for page in pages.values():
        page.close()


def type_in(page: Page, query: str) -> None:
    """Type a query, and wait for its results."""
    box = page.locator(BOX)
    box.fill("")
    box.press("End")  # Material looks when a key comes up
    page.locator(".search-keys").wait_for(state="attached")
    box.fill(query)
    box.press("End")
    page.locator(".search-keys").wait_for(state="detached")


def search(page: Page, address: str, query: str) -> list[str]:
    """Type a query; return the pages found, best first."""
    type_in(page, query)
    links = page.locator(".md-search-result__item > .md-search-result__link:first-child")
    found = links.evaluate_all("links => links.map(link => link.href.split(/[?#]/)[0])")
    return [link.removeprefix(address).strip("/") for link in found]


@pytest.mark.parametrize("home", SITES)
def test_queries_bring_their_page(homes: dict[str, Page], address: str, home: str) -> None:
    """Of all queries, 95 in a hundred bring their page first, and each within the first three.

    Each first result shows a sentence or a keyword with the words marked.
    """
    found, unmarked = {}, []
    answers = homes[home].evaluate(TYPE_ALL, [BOX, list(SITES[home])])
    for query, (links, marks) in zip(SITES[home], answers, strict=True):
        found[query] = [link.removeprefix(address + home).strip("/") for link in links]
        if not marks:
            unmarked.append(query)
    wanted = {query: path.removesuffix("/index") for query, path in SITES[home].items()}
    not_first = {query: found[query][:3] for query in wanted if found[query][:1] != [wanted[query]]}
    missed = {query: found[query][:3] for query in wanted if wanted[query] not in found[query][:3]}
    assert not missed, missed
    assert len(not_first) <= len(found) * 0.05, not_first
    assert not unmarked


def test_text_that_comes_without_a_key_is_looked_up(page: Page, address: str) -> None:
    """What a mouse pastes or drops into the box is searched for."""
    page.goto(f"{address}en/")
    page.locator(BOX).focus()
    page.locator(".search-keys").wait_for(state="attached")
    page.locator(BOX).fill("middleware")
    expect(page.locator(f"{FIRST} h1")).to_have_text(re.compile("Middleware$"))


def test_no_ghost_stays_under_what_is_pasted(page: Page, address: str) -> None:
    """The end of a proposed word goes with the text that it belongs to."""
    page.goto(f"{address}en/")
    type_in(page, "cach")
    ghost = page.locator("[data-md-component=search-suggest]")
    expect(ghost).to_have_text(re.compile("^cach."))
    type_in(page, f"{'a text that is longer than the box ' * 3}cach")  # and so scrolls, which no ghost does
    page.locator(f"{FIRST} a").first.wait_for()
    expect(ghost).to_have_text("")
    type_in(page, "cach")
    expect(ghost).to_have_text(re.compile("^cach."))
    page.evaluate("new Promise(setTimeout)")
    left = page.locator(BOX).evaluate(
        "box => { box.value = 'line 5'; box.dispatchEvent(new Event('input'));"
        " return document.querySelector('[data-md-component=search-suggest]').textContent; }"
    )
    assert not left.startswith("cach")


def test_the_keyboard_is_not_lost_while_the_index_comes(page: Page, address: str) -> None:
    """What has the focus too early gives it back to the box; what was typed meanwhile is answered once.

    Until then the box says why there is no answer.
    """
    held = list[Route]()
    page.route("**/search/docs.json", lambda route: held.append(route))
    page.goto(f"{address}en/")
    page.locator(BOX).focus()
    page.locator(".search-note a").first.wait_for()
    page.keyboard.type("middleware")
    loading = page.get_by_text("Loading the search…")
    expect(loading).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-note a").first).to_be_focused()
    page.evaluate(COUNT_ANSWERS)
    continue_held(page, held)
    page.locator(f"{FIRST} a").first.wait_for()
    expect(page.locator(BOX)).to_be_focused()
    expect(loading).to_have_count(0)
    page.wait_for_timeout(500)  # for answers that should not come
    assert page.evaluate("answers") == 1


OTHER_WAYS = {
    "traditional characters": ("", "事件循環", "asyncio/event-loop"),
    "a word of Taiwan": ("", "快取", "http/caching"),
    "a traceback": (
        "",
        'Traceback (most recent call last):   File "/opt/a.py", line 5, in <module> '
        "asyncio.exceptions.InvalidStateError: unheard of   RuntimeError: Event loop is closed",
        "asyncio/event-loop",
    ),
    "a flag": ("", "--tls-keyfile", "server/listening"),
    "an identifier": ("en/", "request.match_info", "aiohttp/requests"),
    "an identifier in capitals": ("en/", "UNENCODED_PREVIEW_IMAGE", "server/wire-format"),
    "two letters changed places": ("en/", "middelware", "aiohttp/middleware"),
    "two letters of a short word": ("en/", "asynico", "asyncio/coroutines"),
    "a task": ("en/", "how to change the port", "server/listening"),
    "a task in Chinese": ("", "怎么改端口", "server/listening"),
    "what every page is about": ("en/", "why does ComfyUI hang", "server/hazards"),
    "and a symptom": ("", "ComfyUI 卡死", "server/hazards"),
    "a symptom by another word": ("en/", "freezes", "server/hazards"),
    "and in Chinese": ("", "ComfyUI 卡住", "server/hazards"),
    "a word in the making": ("", "事件循", "asyncio/event-loop"),
    "quotation marks": ("en/", '"event loop"', "asyncio/event-loop"),
}


@pytest.mark.parametrize(("home", "query", "wanted"), OTHER_WAYS.values(), ids=OTHER_WAYS)
def test_other_ways_to_ask(homes: dict[str, Page], address: str, home: str, query: str, wanted: str) -> None:
    """What is pasted, cut short or mistyped brings its page first."""
    page = homes[home]
    assert search(page, address + home, query)[:1] == [wanted]


@pytest.mark.parametrize(("home", "query", "said"), [("", "跨域", "1 页"), ("en/", "openssl", "1 page")])
def test_one_page_is_counted_like_many(homes: dict[str, Page], home: str, query: str, said: str) -> None:
    """As the other counts, in words of the site."""
    type_in(homes[home], query)
    expect(homes[home].locator(".md-search-result__meta")).to_have_text(said)


LINES = {
    "a traceback": (
        "en/",
        'File "/opt/ComfyUI/server.py", line 632, in post_prompt   File "/x/aiohttp/web.py", line 9 KeyError',
        "server.py:632",
        "server/prompt-queue/",
    ),
    "file and line": ("", "execution.py:448", "execution.py:448", "server/"),
    "a line": ("", "第 42 行", "server.py:42", "server/sending/"),
    "a line that no page names": (
        "en/",
        'File "/opt/ComfyUI/server.py", line 640, in post_prompt',
        "server.py:640",
        "server/prompt-queue/",
    ),
}


@pytest.mark.parametrize(("home", "query", "title", "page_of"), LINES.values(), ids=LINES)
def test_a_line_is_looked_up(
    homes: dict[str, Page], address: str, home: str, query: str, title: str, page_of: str
) -> None:
    """The first result is what explains it, of a traceback the last that is ComfyUI's.

    The number is not called missing.
    """
    page = homes[home]
    type_in(page, query)
    found = page.locator(f"{FIRST} .md-search-result__link")
    expect(found.nth(1)).to_contain_text(re.compile(rf"{re.escape(title)}\s*v0\.3\.10, \d+–\d+"))
    assert [f"/{home}{page_of}" in (one.get_attribute("href") or "") for one in found.all()] == [True, True]
    number = title.partition(":")[2]
    expect(page.locator(".search-note")).not_to_contain_text(f"“{number}”")


@pytest.mark.parametrize(
    ("home", "query", "first"), [("en/", "404", "server/routes"), ("", "413", "server/upload-limit")]
)
def test_a_number_alone_may_be_a_line(
    homes: dict[str, Page], address: str, home: str, query: str, first: str
) -> None:
    """After the page about that status; of a number beyond the file's end nothing is said."""
    page = homes[home]
    assert search(page, address + home, query)[0] == first
    second = page.locator(".md-search-result__item").nth(1)
    expect(second.locator(".md-search-result__link").nth(1)).to_contain_text(f"server.py:{query}")
    for number, is_line in (("849", True), ("850", False)):
        type_in(page, number)
        found = page.locator(".md-search-result").inner_text()
        assert (f"server.py:{number}" in found) is is_line


def test_a_line_of_another_file_is_not(homes: dict[str, Page], address: str) -> None:
    """Of a file without a map, beyond the end of one, and of a number that is no line, nothing is said."""
    page = homes["en/"]
    for query in (
        'File "/opt/a.py", line 5, in <module> KeyError',
        "server.py:5000",
        "server.py 403",
        "JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
    ):
        type_in(page, query)
        assert not re.search(r"\.py:\d", page.locator(".md-search-result").inner_text())


def test_a_message_brings_the_heading_that_has_it(homes: dict[str, Page], address: str) -> None:
    """Before it an exception's name, as it is copied from a log."""
    page = homes["en/"]
    found = search(page, f"{address}en/", "RuntimeError: Cannot write to closing transport")
    assert found[0] == "aiohttp/requests"
    expect(page.locator(FIRST)).to_contain_text("“Cannot write to closing transport”")


@pytest.mark.parametrize("letter", ["m", "a", "中"])
def test_one_letter_brings_something(homes: dict[str, Page], address: str, letter: str) -> None:
    """A single letter finds what begins with it."""
    page = homes[""]
    assert search(page, address, letter)


def test_a_word_does_not_bring_what_shares_a_character(
    homes: dict[str, Page], address: str, site: Path
) -> None:
    """中间件 brings no page that holds only 中断 or 中心."""
    page = homes[""]
    found = search(page, address, "中间件")
    texts = {path: (site / path / "index.html").read_text("utf-8") for path in found}
    assert len(found) > 5
    assert [path for path, text in texts.items() if "中间件" not in text] == []
    others = [file.read_text("utf-8") for file in site.glob("*/*/index.html") if "en" not in file.parts]
    assert any("中断" in text and "中间件" not in text for text in others)  # so that one could be brought


@pytest.mark.parametrize("home", SITES)
@pytest.mark.parametrize("query", ["量子纠缠香蕉", "qqqqzzzz"])
def test_nonsense_finds_nothing_and_is_named(
    homes: dict[str, Page], address: str, home: str, query: str
) -> None:
    """What is on no page brings no page; the box says so, and offers ways in."""
    page = homes[home]
    assert search(page, address + home, query) == []
    note = page.locator(".search-note")
    assert query in note.inner_text()
    assert note.locator("a").count() == 4


def ask(page: Page, home: str, *texts: str) -> list[dict[str, Any]]:
    """Ask the engine of a language."""
    answers: list[dict[str, Any]] = page.evaluate(ASK, [home, texts, True])
    return answers


FOREIGN = {
    "ModuleNotFoundError: No module named 'torch'": "ModuleNotFoundError",
    "numpy.core._exceptions.MemoryError: Unable to allocate": "MemoryError",
    "NullPointerException": "NullPointerException",
}


@pytest.mark.parametrize("home", SITES)
def test_an_error_of_another_program_finds_nothing(homes: dict[str, Page], address: str, home: str) -> None:
    """Its other words would bring any page; one that pages name, or whose message they have, is found."""
    for answer, name in zip(ask(homes[home], address + home, *FOREIGN), FOREIGN.values(), strict=True):
        assert answer["found"] == []
        assert name in answer["unknown"]
    known = "asyncio.exceptions.CancelledError"
    answers = ask(homes[home], address + home, known, "FooError: Cannot write to closing transport")
    assert [bool(answer["found"]) for answer in answers] == [True, True]
    assert [answer["unknown"] for answer in answers] == [[], ["FooError"]]


@pytest.mark.parametrize("word", ["cors", "CORS"])
def test_a_stem_is_no_beginning(homes: dict[str, Page], address: str, word: str) -> None:
    """What is left of `cors` without its s brings no coroutine; a word in the making does."""
    (stem, begun) = ask(homes["en/"], f"{address}en/", word, "corout")
    assert stem["found"][0][0] == "server/cors/"
    assert "asyncio/coroutines/" not in [path for path, *_ in stem["found"]]
    assert begun["found"][0][0] == "asyncio/coroutines/"


SLIPS = {
    "协成": "协程",
    "线成": "线程",
    "对列": "队列",
    "路游": "路由",
    "鉴全": "鉴权",
    "事件寻环": "事件循环",
    "条件清求": "条件请求",
    "绪列化": "序列化",
}


def test_a_wrong_character_is_told(homes: dict[str, Page], address: str) -> None:
    """Of a Chinese word with one wrong character the right one is proposed first; of nonsense none."""
    answers = ask(homes[""], address, *SLIPS, "做面包")
    assert [answer["near"][:1] for answer in answers] == [[right] for right in SLIPS.values()] + [[]]


def test_an_escape_begins_no_name(site: Path) -> None:
    r"""The `\nExpect` of a string is the name Expect, after a line break."""
    text = (site / "en/search/docs.json").read_text("utf-8")
    assert "nExpect" not in text
    assert "Expect" in text


@pytest.mark.parametrize("home", ["", "en/"])
def test_a_power_is_no_product(site: Path, home: str) -> None:
    """An excerpt has no raised digits: 2 to the 20th is not 220."""
    assert "2^20" in (site / home / "search/docs.json").read_text("utf-8")


@pytest.mark.parametrize(("home", "advice"), [("", "换个说法试试"), ("en/", "Try")])
def test_no_result_says_what_to_try(homes: dict[str, Page], address: str, home: str, advice: str) -> None:
    """Where nothing is found, the box says what to try."""
    page = homes[home]
    type_in(page, "qqqqzzzz")
    page.locator(".md-search-result__meta", has_text=advice).wait_for()


def test_an_unknown_word_is_named_with_the_nearest(page: Page, address: str) -> None:
    """The box says that no note has a word, and a click asks for one that looks like it."""
    page.goto(f"{address}en/")
    type_in(page, "middelware order")
    note = page.locator(".search-note")
    assert "No note has “middelware”" in note.inner_text()
    assert "order”" not in note.inner_text()
    note.get_by_text("Middleware", exact=True).click()
    page.locator(".search-note:empty").wait_for(state="attached")
    assert page.locator(BOX).input_value() == "Middleware"
    assert page.locator(f"{FIRST} h1").inner_text().endswith("Middleware")


SHOWN_WORD = re.compile(r"[\u4e00-\u9fff]+|(?a:\w+(?:[.-]\w+)*)")
NOT_SHOWN = r"<(script|style|button)\b.*?</\1>|<a class=\"headerlink.*?</a>|<p class=\"facts.*?</p>"
NO_WORD = r"\\[nrt]|%[0-9A-F]{2}|\b\w+-[0-9a-f]{12}\b"  # escapes, and a name that the build makes last
NEW_LINE = r"</?(?:p|li|td|th|tr|div|h\d|pre|br|summary|figcaption|text|dt|dd|label|legend|a|sup)\b[^>]*>"


def shown(file: Path) -> str:
    """Return the text of a built article, with its drawings and its code, line by line."""
    html = file.read_text("utf-8")
    article = html[html.index("<article ") : html.index("</article>")]
    without = re.sub(NEW_LINE, "\n", re.sub(NOT_SHOWN, "", article, flags=re.DOTALL))
    return re.sub(NO_WORD, " ", unescape(re.sub(r"<[^>]+>", "", without)))


@pytest.mark.parametrize("home", SITES)
def test_nothing_that_is_there_is_called_missing(
    homes: dict[str, Page], address: str, site: Path, home: str
) -> None:
    """Of no sentence, name or word of a page, as it is built, the search says that no page has it."""
    texts = []
    for known in Project().pages("en" if home else "zh").values():
        texts += sorted(set(SHOWN_WORD.findall(shown(site / known.address / "index.html"))))
    for built in json.loads((site / home / "search/docs.json").read_text("utf-8"))["pages"]:
        texts += built["words"] + built["keywords"]
        for section in built["sections"]:
            sentences = re.split(r"(?<=[。！？])|(?<=[.!?]) |\n", section["text"])
            texts += sentences[:: 1 + len(sentences) // 3] + section["names"] + section["proofs"]
    page = homes[home]
    asked = [re.sub("[\u200b`]", "", text) for text in texts] + ["addEventListenr"]
    answers = page.evaluate(ASK, [address + home, asked, False])
    assert len(answers) > 3000
    assert [answer for answer in answers if answer["unknown"]] == answers[-1:]
    assert answers[-1]["unknown"] == ["addEventListenr"]
    assert answers[-1]["near"]


@pytest.mark.parametrize(("home", "language"), [("", "zh"), ("en/", "en")])
def test_proofs_are_found_by_their_sentence(
    homes: dict[str, Page], address: str, home: str, language: str
) -> None:
    """The sentence of a proof brings a page and a section that cite it."""
    pages, proofs = Project().pages(language), Project().proofs()
    cited = {name: set[tuple[str, str | None]]() for name in proofs}
    for one in pages.values():
        for section in one.sections:
            for name in section.citations:
                cited[name].add((one.address.removeprefix("en/"), section.id))
    sentences = {
        proof.sentence(language).replace("`", ""): name for name, proof in proofs.items() if cited[name]
    }
    page = homes[home]
    answers = page.evaluate(ASK, [address + home, list(sentences), True])
    lost = [
        answer["text"]
        for answer in answers
        if not any(
            (path, id_) in cited[sentences[answer["text"]]] for path, *ids in answer["found"] for id_ in ids
        )
    ]
    assert len(answers) > 800
    assert len(lost) <= len(answers) * 0.02, lost


def test_a_result_shows_where_it_belongs_and_leads_to_the_section(page: Page, address: str) -> None:
    """Above the page's title stands its subject; the section that answers is a link of its own."""
    page.goto(f"{address}en/")
    type_in(page, "which middleware runs first")
    first = page.locator(FIRST)
    assert first.locator("h1").inner_text() == "aiohttp › Middleware"
    section = first.locator("a:has(h2)").first
    assert section.locator("mark").count()
    section.click()
    page.wait_for_url(re.compile("/en/aiohttp/middleware/.*#order$"))
    page.locator(".md-content mark").first.wait_for()  # a script marks the words after the page has loaded


@pytest.mark.parametrize("home", SITES)
def test_prose_comes_before_code(homes: dict[str, Page], address: str, home: str) -> None:
    """An excerpt is a sentence; a docstring of the code that the page shows is none."""
    page = homes[home]
    type_in(page, "why is my event loop blocked")
    shown = page.locator(".md-search-result__article").all_inner_texts()
    assert shown
    assert not [text for text in shown if re.search(r'"""|def \w+\(', text)]


@pytest.mark.parametrize("home", SITES)
def test_the_index_comes_only_when_the_box_has_the_focus(page: Page, address: str, home: str) -> None:
    """A view fetches neither the index nor what searches; the focus does."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + home, wait_until="networkidle")
    assert not [url for url in asked if "docs.json" in url or "javascripts/search/" in url]
    with page.expect_request("**/search/docs.json"):
        page.locator(BOX).focus()


@pytest.mark.parametrize(("home", "language"), [("", "zh"), ("en/", "en")])
def test_the_index_is_small(site: Path, home: str, language: str) -> None:
    """Compressed, a language's index is at most 3 KB a page, of notes and of the proofs that it finds."""
    size = len(gzip.compress((site / home / "search/docs.json").read_bytes()))
    pages = len(Project().pages(language)) + len(generated.pages(language))
    assert size <= BYTES_A_PAGE * pages, f"{size} bytes for {pages} pages: see docs/tools/search.py"


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_opens_the_search(page: Page, address: str, key: str) -> None:
    """Both keys put the focus into the search box; the arrows and Enter lead to a result."""
    page.goto(address)
    page.keyboard.press(key)
    box = page.locator(BOX)
    assert box.evaluate("box => box === document.activeElement")
    box.press_sequentially("middleware")
    whole = "document.querySelector('.md-search-result__link')?.href.includes('h=middleware')"
    page.wait_for_function(whole)  # not what the first letters brought
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aiohttp/middleware/**")
    page.locator(".md-content mark").first.wait_for()


@pytest.mark.parametrize(
    ("home", "query"), [("", "中间件"), ("", "middleware"), ("en/", "middleware"), ("en/", "304")]
)
def test_enter_opens_the_first_result(page: Page, address: str, home: str, query: str) -> None:
    """Enter alone opens what is shown first."""
    page.goto(address + home)
    found = search(page, address + home, query)
    page.locator(BOX).press("Enter")
    page.wait_for_url(f"{address}{home}{found[0]}/**")


def test_enter_opens_the_section_about_a_line(page: Page, address: str) -> None:
    """Not the top of its page, which is shown above it."""
    page.goto(f"{address}en/")
    type_in(page, 'File "/opt/ComfyUI/server.py", line 310, in image_upload')
    expect(page.locator(FIRST)).to_contain_text("server.py:310")
    page.locator(BOX).press("Enter")
    page.wait_for_url(re.compile(r"/en/server/uploads/[^#]*#target$"))


def test_an_empty_box_offers_ways_in(page: Page, address: str) -> None:
    """It has four links, the keys, and what was searched for; Enter leads nowhere."""
    page.goto(f"{address}en/")
    page.locator(BOX).focus()
    note = page.locator(".search-note")
    assert [key for key in ("/", "Ctrl K", "↑ ↓", "Enter", "Esc") if key not in note.inner_text()] == []
    for link in note.locator("a").all():
        assert page.request.get(str(link.evaluate("link => link.href"))).ok
    page.locator(BOX).press("Enter")
    assert page.url == f"{address}en/"
    type_in(page, "etag")
    page.locator(".md-search-result__link").first.click()
    page.wait_for_url("**/conditional-requests/**")
    expect(page.locator("#conditional-requests")).to_be_visible()
    expect(page.locator("#__search")).not_to_be_checked()  # instant navigation closes the box
    page.locator(BOX).fill("")
    page.locator(BOX).press("End")
    note.get_by_text("etag", exact=True).click()
    page.locator(FIRST).wait_for()
    assert page.locator(BOX).input_value() == "etag"


@pytest.mark.parametrize("home", SITES)
@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)])
def test_axe_finds_nothing_in_the_open_box(
    browser: Browser, address: str, home: str, scheme: Literal["dark", "light"], size: ViewportSize
) -> None:
    """Whatever it shows: ways in, results, or that there are none."""
    page = browser.new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page.goto(address + home)
    page.keyboard.press("/")
    page.locator(".search-keys").wait_for(state="attached")
    assert violations(page, ".md-search") == []
    type_in(page, "middleware")
    assert violations(page) == []
    type_in(page, "qqqqzzzz")
    assert violations(page, ".md-search") == []
    page.close()


def test_what_cannot_be_loaded_is_said(page: Page, address: str) -> None:
    """Without the index the box says so, and the next key tries again."""
    page.route("**/search/docs.json", lambda route: route.abort())
    page.goto(f"{address}en/")
    page.locator(BOX).focus()
    type_in(page, "etag")
    assert "could not be loaded" in page.locator(".search-note").inner_text()
    page.unroute("**/search/docs.json")
    assert search(page, f"{address}en/", "etag")


def test_without_npm_material_searches(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where MiniSearch cannot be fetched, Material's own search stays, and the log says so."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\nAn ordinary sentence.\n", "utf-8")
    monkeypatch.setattr(playground, "runtime_is_there", lambda: False)
    monkeypatch.setattr(playground, "make_runtime", raise_os_error)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(generated, "pages", lambda language: {})
    monkeypatch.setattr(generated, "navigation", lambda language: [])
    caplog.set_level(logging.INFO)
    docs, site = str(tmp_path / "docs"), str(tmp_path / "site")
    config = load_config(
        str(ROOT / "mkdocs.en.yml"), docs_dir=docs, site_dir=site, nav=["index.md"], strict=True
    )
    config.extra["reading_path"] = []
    build(config)
    assert "Material's own search" in caplog.text
    with serving(tmp_path / "site") as address:
        page.goto(address)
        page.locator(BOX).fill("ordinary")
        page.locator(BOX).press("End")
        page.locator(".md-search-result__item", has_text="Home").wait_for()


def raise_os_error(folder: Path) -> None:
    """Fail as an unreachable registry does."""
    raise OSError("no network")


@pytest.mark.parametrize("home", SITES)
def test_a_hazard_is_found_at_its_own_address(homes: dict[str, Page], address: str, home: str) -> None:
    """Its bold words begin a section, as a heading does."""
    page = homes[home]
    search(page, address + home, {"": "缓冲区 不读消息", "en/": "client that does not read"}[home])
    hit = page.locator(".md-search-result__item [href*='server/hazards/?'][href$='#h6']")
    expect(hit).to_have_count(1)
    expect(hit.locator("h2")).to_contain_text("› 6. ")
