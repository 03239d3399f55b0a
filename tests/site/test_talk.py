"""The server that runs in the page server/try-it: in Chromium, with the built site."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect
from tools.model import LANGUAGES, Project

from tests.site.test_accessibility import DESK, EVERYTHING, PHONE, change_scheme, violations

GUARDS = ["ask_again", "origin_only_middleware"]
# What docs/playground/browser/presets.js offers, in its order: the status, and who answers.
PRESETS = [
    ("200 OK", "post_prompt"),
    ("200 OK", "view_image"),
    ("400 Bad Request", "post_prompt"),
    ("500 Internal Server Error", "post_prompt"),
    ("403 Forbidden", GUARDS[1]),
    ("403 Forbidden", GUARDS[1]),
    ("200 OK", "get_queue"),
    ("500 Internal Server Error", GUARDS[1]),
    ("404 Not Found", "static files"),
    ("405 Method Not Allowed", "router"),
    ("200 OK", "get_queue"),
    ("200 OK", GUARDS[1]),
    ("304 Not Modified", "get_root"),
]
MARKED = (5, 8, 12)  # whose answers carry Cache-Control
CHINESE = {"router": "路由", "static files": "静态文件"}
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "start": "启动服务器",
        "send": "发送",
        "preset": "现成的请求",
        "method": "方法",
        "path": "路径",
        "headers": "头部，一行一个",
        "say": "说",
        "read": "服务器读过了，什么也没答。",
        "leave": "断开",
        "connect": "连接",
        "stop": "停止服务器",
        "again": "再试一次",
        "no path": "路径要以 / 开头，而且只能有一个：不能是 //，也不能是 http://。",
        "no method": "方法里只能有",
        "no header": "不是“名字: 值”",
        "no name": "头部的名字里只能有",
    },
    "en": {
        "start": "Start the server",
        "send": "Send",
        "preset": "Ready-made request",
        "method": "Method",
        "path": "Path",
        "headers": "Headers, one per line",
        "say": "Say",
        "read": "The server has read it, and answered nothing.",
        "leave": "Disconnect",
        "connect": "Connect",
        "stop": "Stop the server",
        "again": "Try again",
        "no path": "A path begins with exactly one /: neither // nor http://.",
        "no method": "A method has",
        "no header": "Not “Name: value”",
        "no name": "A header's name has",
    },
}


class Visit:
    """A reader of the page, and all that the browser asks for and complains about."""

    def __init__(self, context: BrowserContext, address: str, language: str) -> None:
        self.page = context.new_page()
        self.words, self.asked, self.complaints = WORDS[language], list[str](), list[str]()
        context.on("request", lambda request: self.asked.append(request.url))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address + Project().pages(language)["server/try-it"].address)

    def press(self, word: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=self.words[word], exact=True).click()

    def send(self, **fields: str) -> None:
        """Fill some fields, and send."""
        for field, text in fields.items():
            self.page.get_by_label(self.words[field], exact=True).fill(text)
        self.press("send")

    def answer(self) -> tuple[str, list[str], str]:
        """Return the status, the way and the headers of the answer that is there."""
        status = self.page.locator(".talk-status strong").inner_text()
        way = self.page.locator(".talk-result ol li").all_inner_texts()
        return status, way, self.page.locator(".talk-result pre").first.inner_text()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that remembers nothing, without transitions, which axe would see halfway."""
    context = browser.new_context(color_scheme="light", reduced_motion="reduce", viewport=DESK)
    yield context
    context.close()


def hear_a_prompt(visit: Visit) -> None:
    """The socket greets; a queued prompt is heard to its end, with pictures that can be seen."""
    log = visit.page.get_by_role("log")
    log.get_by_text('"sid": "me"').wait_for(timeout=30_000)
    visit.press("send")
    log.get_by_text('"executing", "data": {"node": null').wait_for()
    pictures = log.get_by_role("img")
    assert pictures.count() == 24
    assert pictures.last.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 32
    assert pictures.last.get_attribute("alt", timeout=1000)


def send_the_presets(visit: Visit, language: str) -> None:
    """Each ready-made request brings the status that its description speaks of, from who is named there."""
    options = visit.page.get_by_label(visit.words["preset"]).locator("option").count()
    assert options == len(PRESETS)
    for index, (status, last) in enumerate(PRESETS):
        visit.page.get_by_label(visit.words["preset"]).select_option(index=index)
        about = visit.page.locator(".talk-why a")
        visit.press("send")
        visit.page.locator(".talk-result ol").wait_for()
        came, way, headers = visit.answer()
        name = CHINESE.get(last, last) if language == "zh" else last
        assert came == status, (index, came)
        assert name in way[-1], (index, way)
        assert ("no-cache" in headers) == (index in MARKED), (index, headers)
        assert visit.page.request.get(about.evaluate("link => link.href")).ok
        assert about.evaluate("link => !link.hash || !!link.hash.match(/^#[a-z-]+$/)")
    assert visit.page.locator(".talk-result ol a").first.get_attribute("href") == "../cache-control/"
    visit.page.get_by_label(visit.words["preset"]).select_option(index=1)
    visit.press("send")
    picture = visit.page.locator(".talk-result img")
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 64
    assert visit.page.locator("summary", has_text=re.compile("日志|log")).count() == 1  # of the 500


def speak(visit: Visit) -> None:
    """What is said is read and thrown away; without a socket nothing can be said."""
    log = visit.page.get_by_role("log")
    before = log.locator("> div").count()
    visit.press("say")
    log.get_by_text(visit.words["read"]).wait_for()
    assert log.locator("> div").all_inner_texts()[before:] == ['{"type": "status"}', visit.words["read"]]
    visit.press("leave")
    expect(visit.page.get_by_role("button", name=visit.words["say"], exact=True)).to_be_disabled()
    visit.press("connect")
    expect(visit.page.get_by_role("button", name=visit.words["say"], exact=True)).to_be_enabled()


def make_mistakes(visit: Visit) -> None:
    """What cannot be sent is told in the page's language; the next request works."""
    good = {"method": "GET", "path": "/queue", "headers": ""}
    alert = visit.page.get_by_role("alert")
    for wrong, word in (
        ({"path": "queue"}, "no path"),
        ({"path": "http://example.com/"}, "no path"),
        ({"method": "G T"}, "no method"),
        ({"headers": "Origin"}, "no header"),
        ({"headers": "Bad Name: 1"}, "no name"),
    ):
        visit.send(**{**good, **wrong})
        alert.get_by_text(visit.words[word]).wait_for()
        visit.send(**good)
        visit.page.locator(".talk-result ol").wait_for()
        assert visit.answer()[0] == "200 OK"
        assert alert.inner_text() == ""


def look(visit: Visit) -> list[str]:
    """Return what axe finds with everything open, in both schemes and sizes, and whether a phone scrolls."""
    visit.page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    found = list(violations(visit.page, EVERYTHING, code=False))
    change_scheme(visit.page)
    visit.page.set_viewport_size(PHONE)
    found += violations(visit.page, EVERYTHING, code=False)
    if visit.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("a phone scrolls sideways")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit(context: BrowserContext, address: str, language: str) -> None:
    """From the click to the last request: all that the page promises, without a complaint or another host."""
    visit = Visit(context, address, language)
    visit.page.get_by_role("button", name=visit.words["start"]).wait_for()
    assert [url for url in visit.asked if "/run/" in url] == [f"{address}run/run.js"]  # before the click
    visit.press("start")
    assert visit.page.evaluate("document.activeElement.tagName") == "BUTTON"
    hear_a_prompt(visit)
    send_the_presets(visit, language)
    speak(visit)
    make_mistakes(visit)
    assert not (found := look(visit)), "\n".join(found)
    assert not [url for url in visit.asked if not url.startswith((address, "data:", "blob:"))]
    assert not visit.complaints


def test_leaving_the_page_stops_the_server(context: BrowserContext, address: str) -> None:
    """Instant navigation goes on without a load: the worker of the page that is left ends with its server."""
    visit = Visit(context, address, "en")
    visit.page.wait_for_load_state("networkidle")  # the sitemap has come
    visit.page.evaluate("window.kept = true")
    visit.press("start")
    visit.page.get_by_role("log").get_by_text('"sid"').wait_for(timeout=30_000)
    [worker] = [worker for worker in visit.page.workers if worker.url.endswith("/run/worker.js")]
    ended = list[str]()
    worker.on("close", lambda gone: ended.append(gone.url))
    visit.page.locator(".md-footer__link--next").click()
    visit.page.wait_for_url("**/toy-nodes/")
    visit.page.wait_for_function("!document.querySelector('[data-talk]')")
    assert visit.page.evaluate("window.kept")
    assert ended == [worker.url]
    visit.page.go_back()
    visit.page.get_by_role("button", name="Start the server").wait_for()


def change_file(context: BrowserContext, name: str, change: Any) -> None:
    """Let a script of Run arrive changed."""

    def fulfil(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=change(answer.text()))

    context.route(f"**/run/{name}", fulfil)


NO_STACKS = "delete WebAssembly.Suspending; delete WebAssembly.promising;"
CRASH = "onmessage = () => postMessage({ kind: 'ended', how: 'dead', seconds: 1 });"


@pytest.mark.parametrize(
    ("language", "how", "told"),
    [
        ("en", "no WebAssembly", "This browser has no WebAssembly"),
        ("en", "no second stack", "this browser lacks JSPI"),
        ("zh", "broken", "下载中断了。"),
        ("zh", "crash", "Python 崩溃了。"),
    ],
)
def test_what_goes_wrong_is_told(
    context: BrowserContext, address: str, language: str, how: str, told: str
) -> None:
    """An old browser, a broken download, a crash: each is told in plain words, and may be tried again."""
    if how == "no WebAssembly":
        context.add_init_script("delete window.WebAssembly")
    elif how == "broken":
        context.route("**/run/pyodide.asm.wasm", lambda route: route.abort())
    elif how == "crash":
        change_file(context, "worker.js", lambda _: CRASH)
    else:
        change_file(context, "pyodide.mjs", lambda text: NO_STACKS + text)
    visit = Visit(context, address, language)
    visit.press("start")
    visit.page.locator("[data-talk] [role=status]", has_text=told).wait_for(timeout=30_000)
    visit.asked.clear()
    visit.press("again" if how in ("broken", "crash") else "start")
    visit.page.locator("[data-talk] [role=status]", has_text=told).wait_for(timeout=30_000)
    assert any("/run/" in url for url in visit.asked) == (how in ("broken", "crash"))
