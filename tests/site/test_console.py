"""The console of server/try-it: in Chromium, with the built site."""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.site.axe import CODE, DESK, PHONE, violations
from tools.model import LANGUAGES, Project

GUARDS = ["cache_control", "origin_only_middleware"]
# The requests of docs/playground/browser/presets.js, in order: the status, and the function that responds.
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
# Those of server/hazards that end nothing: the status, and something that the response shows.
HAZARDS = {
    "hazard-9": ("200 OK", '"name": "mask.png"'),
    "hazard-10": ("200 OK", '"type": "output"'),
    "hazard-11": ("200 OK", '"prompt_id"'),
    "hazard-12": ("200 OK", '"prompt_id"'),
    "hazard-14": ("200 OK", '"name": "hazard.svg"'),
    "hazard-14-view": ("200 OK", "<script>document.title = origin</script>"),
    "hazard-15": ("200 OK", '"queue_pending"'),
    "hazard-16": ("200 OK", '"prompt_id"'),
    "hazard-17": ("200 OK", "NaN"),
    "hazard-18": ("200 OK", '"number": 5.0'),
    "hazard-19": ("500 Internal Server Error", "500"),
    "hazard-20": ("404 Not Found", "Cache-Control: no-cache"),
}
# Whether an element or one around it is dimmed.
DIMMED = """all => all.map(one => {
  for (; one; one = one.parentElement) if (getComputedStyle(one).opacity !== "1") return true;
  return false;
})"""
NO_CACHE = (5, 8, 12)  # their responses have a Cache-Control
CHINESE = {"router": "路由", "static files": "静态文件"}
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "start": "启动服务器",
        "send": "发送请求",
        "preset": "现成的请求",
        "method": "方法",
        "path": "路径",
        "headers": "请求头，一行一个",
        "message": "发送消息",
        "no reply": "服务器读了这条消息，没有回复。",
        "disconnect": "断开",
        "connect": "连接",
        "stop": "停止服务器",
        "retry": "再试一次",
        "no path": "路径要以一个 / 开头：不能是 //，也不能是 http://。",
        "no method": "方法里只能有",
        "no header": "不是“名字: 值”",
        "no name": "请求头的名字里只能有",
    },
    "en": {
        "start": "Start the server",
        "send": "Send request",
        "preset": "Ready-made request",
        "method": "Method",
        "path": "Path",
        "headers": "Headers, one per line",
        "message": "Send message",
        "no reply": "The server has read it and sent no reply.",
        "disconnect": "Disconnect",
        "connect": "Connect",
        "stop": "Stop the server",
        "retry": "Try again",
        "no path": "A path begins with exactly one /: neither // nor http://.",
        "no method": "A method consists of",
        "no header": "is not “Name: value”",
        "no name": "A header's name consists of",
    },
}

FROM_RUN = re.compile(r"/(?:run|python)-\w+/")


def change_scheme(page: Page) -> None:
    """Press the button in the header."""
    before = page.locator("body").get_attribute("data-md-color-scheme")
    page.locator("label[for^=__palette]:visible").dispatch_event("click")  # no pointer, so no tooltip on top
    page.locator(f"body:not([data-md-color-scheme={before}])").wait_for()


class Visit:
    """The page in one language, with the requests and the errors that the browser reports."""

    def __init__(self, context: BrowserContext, address: str, language: str, query: str = "") -> None:
        self.page = context.new_page()
        self.words, self.requested, self.errors = WORDS[language], list[str](), list[str]()
        context.on("request", lambda request: self.requested.append(request.url))
        self.page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address + Project().pages(language)["server/try-it"].address + query)

    def press(self, word: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=self.words[word], exact=True).click()

    def send(self, **fields: str) -> None:
        """Fill some fields, and send."""
        for field, text in fields.items():
            self.page.get_by_label(self.words[field], exact=True).fill(text)
        self.press("send")

    def response(self) -> tuple[str, list[str], str]:
        """Return the status, the functions passed and the headers of the response that is shown."""
        status = self.page.locator(".console-status strong").inner_text()
        passed = self.page.locator(".console-path li:not(.console-beyond)").all_inner_texts()
        return status, passed, self.page.locator(".console-result pre").first.inner_text()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that remembers nothing, without transitions, which axe would see halfway."""
    context = browser.new_context(color_scheme="light", reduced_motion="reduce", viewport=DESK)
    yield context
    context.close()


def run_a_prompt(visit: Visit) -> None:
    """The WebSocket connects by itself; a queued prompt fills the log with its messages and previews."""
    log = visit.page.get_by_role("log")
    log.get_by_text('"sid": "me"').wait_for()
    visit.press("send")
    log.get_by_text('"executing", "data": {"node": null').wait_for()
    pictures = log.get_by_role("img")
    assert pictures.count() == 24
    assert pictures.last.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 32
    assert pictures.last.get_attribute("alt", timeout=1000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_the_requests_as_the_console_does(language: str) -> None:
    """Each request that the text names, in bold, is one of the console's, or its button for a message.

    正文里加粗的请求，名字都是控制台里的，或者是控制台发消息的按钮。
    """
    docs = Project().root / "docs"
    text = (docs / language / "server/try-it.md").read_text("utf-8")
    look = text.partition("{ #look }")[2].partition("\n## ")[0]
    names = re.findall(r"^- \*\*(.+?)\*\*", look, re.MULTILINE)
    browser = docs / "playground/browser"
    presets, words = ((browser / name).read_text("utf-8") for name in ("presets.js", "words.js"))
    known = set(re.findall(r'name: text\("(.+?)", "(.+?)"\)', presets))
    assert len(names) == 5
    assert set(names[:-1]) <= {pair[language == "en"] for pair in known}
    assert names[-1] == WORDS[language]["message"]
    assert f'"{names[-1]}"' in words


def see_both_sides(visit: Visit) -> None:
    """On a wide window the WebSocket is beside the request, and in sight while one sends."""
    forms = visit.page.locator(".console > fieldset")
    request, web_socket = (form.bounding_box() for form in forms.all())
    assert request
    assert web_socket
    assert request["x"] + request["width"] <= web_socket["x"]
    contents = visit.page.locator(".md-sidebar--secondary").bounding_box()  # below: covered as a whole
    assert contents
    assert contents["x"] + contents["width"] - 30 <= web_socket["x"] + web_socket["width"] <= DESK["width"]
    visit.page.get_by_role("button", name=visit.words["send"]).scroll_into_view_if_needed()
    expect(visit.page.get_by_role("log")).to_be_in_viewport(ratio=0.9)


def send_the_presets(visit: Visit, language: str) -> None:
    """Each preset gets the status that its explanation names, from the function named there."""
    for index, (status, last) in enumerate(PRESETS):
        visit.page.get_by_label(visit.words["preset"]).select_option(index=index)
        about = visit.page.locator(".console-explanation a")
        visit.press("send")
        expect(visit.page.locator(".console-result ol")).to_be_in_viewport()
        shown, passed, headers = visit.response()
        name = CHINESE.get(last, last) if language == "zh" else last
        assert shown == status, (index, shown)
        assert name in passed[-1], (index, passed)
        assert visit.page.locator(".console-beyond").count() == max(3 - len(passed), 0)
        alarming = visit.page.locator(".console-status strong:not(.console-fine)").count()
        assert alarming == (status >= "400"), (index, status)
        assert ("no-cache" in headers) == (index in NO_CACHE), (index, headers)
        assert visit.page.request.get(about.evaluate("link => link.href")).ok
        assert about.evaluate("link => !link.hash || !!link.hash.match(/^#[a-z-]+$/)")
    assert visit.page.locator(".console-result ol a").first.get_attribute("href") == "../cache-control/"
    visit.page.get_by_label(visit.words["preset"]).select_option(index=1)
    visit.press("send")
    picture = visit.page.locator(".console-result img")
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 64
    assert visit.page.locator("summary", has_text=re.compile("日志|log")).count() == 1  # of the 500


def names(visit: Visit) -> list[str]:
    """Return the names of the requests that are ready."""
    options = visit.page.get_by_label(visit.words["preset"]).locator("option")
    return list(options.evaluate_all("all => all.map(one => one.value)"))


def know_the_linked_requests(visit: Visit, address: str, language: str) -> None:
    """Each link of the map and the hazards names a request here."""
    for page in ("server/map", "server/hazards"):
        html = visit.page.request.get(address + Project().pages(language)[page].address).text()
        linked = [unquote(name) for name in re.findall(r'try-it/\?preset=([^"]+)"', html)]
        assert len(linked) >= 8, page
        assert set(linked) <= set(names(visit))


def send_to_every_route(visit: Visit) -> None:
    """The request of each route reaches its handler."""
    select = visit.page.get_by_label(visit.words["preset"])
    for route in [name for name in names(visit) if " /" in name]:
        select.select_option(value=route)
        visit.press("send")
        visit.page.locator(".console-path").wait_for()
        assert len(visit.response()[1]) == 3, route
        assert (
            visit.page.locator(".console-path li", has_text=re.compile("router|路由|static|静态")).count()
            == 0
        )


def send_the_hazards(visit: Visit) -> None:
    """Each hazard that ends nothing is to be seen: in its response, or in what follows."""
    select = visit.page.get_by_label(visit.words["preset"])
    for hazard, (status, shown) in HAZARDS.items():
        select.select_option(value=hazard)
        visit.press("send")
        visit.page.locator(".console-path").wait_for()
        result = visit.page.locator(".console-result")
        assert visit.response()[0] == status, hazard
        if hazard == "hazard-14-view":  # not drawn: an SVG would be, as a picture
            picture = result.locator("img").get_attribute("src")
            assert picture
            assert shown in b64decode(picture.partition(",")[2]).decode()
            assert "image/svg+xml" in visit.response()[2]
        else:
            assert shown in result.inner_text(), hazard
    for path, status in (
        ("/view?filename=mask.png&type=input", "404 Not Found"),  # hazard 9
        ("/view?filename=toy_00001_.png", "200 OK"),  # hazard 10
    ):
        visit.send(method="GET", path=path, headers="")
        visit.page.locator(".console-path").wait_for()
        assert visit.response()[0] == status


def send_a_message(visit: Visit) -> None:
    """A message is read and gets no reply; without a connection none can be sent."""
    log = visit.page.get_by_role("log")
    before = log.locator("> div").count()
    visit.press("message")
    log.get_by_text(visit.words["no reply"]).wait_for()
    assert log.locator("> div").all_inner_texts()[before:] == ['{"type": "status"}', visit.words["no reply"]]
    visit.press("disconnect")
    expect(visit.page.get_by_role("button", name=visit.words["message"], exact=True)).to_be_disabled()
    visit.press("connect")
    expect(visit.page.get_by_role("button", name=visit.words["message"], exact=True)).to_be_enabled()


def make_mistakes(visit: Visit) -> None:
    """A request that cannot be sent is refused in the page's language; the next request works."""
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
        visit.page.locator(".console-result ol").wait_for()
        assert visit.response()[0] == "200 OK"
        assert alert.inner_text() == ""


def violations_and_scroll(visit: Visit) -> list[str]:
    """Return what axe finds with everything open, in both schemes and sizes, and sideways scrolling."""
    visit.page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    found = violations(visit.page, without=CODE)
    change_scheme(visit.page)
    visit.page.set_viewport_size(PHONE)
    found += violations(visit.page, without=CODE)
    if visit.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("a phone scrolls sideways")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit(context: BrowserContext, address: str, language: str) -> None:
    """From the click to the last request: all that the page promises, without an error or another host."""
    visit = Visit(context, address, language)
    visit.page.get_by_role("button", name=visit.words["start"]).wait_for()
    assert [FROM_RUN.split(url)[-1] for url in visit.requested if FROM_RUN.search(url)] == [
        "run.js",
        "start.js",
    ]  # before the click
    visit.press("start")
    assert visit.page.evaluate("document.activeElement.tagName") == "BUTTON"
    run_a_prompt(visit)
    see_both_sides(visit)
    send_the_presets(visit, language)
    know_the_linked_requests(visit, address, language)
    if language == "en":  # the server is the same
        send_to_every_route(visit)
        send_the_hazards(visit)
    send_a_message(visit)
    make_mistakes(visit)
    assert not (found := violations_and_scroll(visit)), "\n".join(found)
    assert not [url for url in visit.requested if not url.startswith((address, "data:", "blob:"))]
    assert not visit.errors


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_started_is_on_the_first_screen(page: Page, address: str, language: str) -> None:
    """From the choice of a request to the button that sends it; no text calls what is beside it below."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}{'' if language == 'zh' else 'en/'}server/try-it/")
    page.get_by_role("button", name=WORDS[language]["start"], exact=True).click()
    send = page.locator(".console form [type=submit]").first
    send.wait_for()
    box = send.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 900
    assert not re.search("below|下面", page.locator(".console-explanation").inner_text())


def test_what_sticks_covers_nothing(page: Page, address: str) -> None:
    """The WebSocket stays in sight beside a long response; the log, which comes last, is not below it."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}en/server/try-it/")
    page.get_by_role("button", name="Start the server", exact=True).click()
    page.locator(".console select").select_option(label="A body that is not JSON")
    page.get_by_role("button", name="Send request").click()
    log = page.locator(".console > details")
    log.wait_for()
    log.evaluate("log => log.scrollIntoView({ block: 'end' })")
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    sticks = page.locator(".console > fieldset + fieldset").bounding_box()
    last = log.bounding_box()
    assert sticks
    assert last
    beside = last["x"] + last["width"] <= sticks["x"]
    assert beside or sticks["y"] + sticks["height"] <= last["y"]


def test_leaving_the_page_stops_the_server(context: BrowserContext, address: str) -> None:
    """Instant navigation loads no document: the worker of the page that is left ends with its server."""
    visit = Visit(context, address, "en")
    visit.page.wait_for_load_state("networkidle")  # the sitemap has come
    visit.page.evaluate("window.kept = true")
    visit.press("start")
    visit.page.get_by_role("log").get_by_text('"sid"').wait_for()
    [worker] = [
        worker for worker in visit.page.workers if worker.url.endswith("/worker.js") and "/run-" in worker.url
    ]
    with worker.expect_event("close"):
        visit.page.locator(".md-footer__link--next").click()
        visit.page.wait_for_url("**/toy-nodes/")
        visit.page.wait_for_function("!document.querySelector('[data-console]')")
    assert visit.page.evaluate("window.kept")
    visit.page.go_back()
    visit.page.get_by_role("button", name="Start the server").wait_for()


def test_a_snippet_that_is_run_stops_the_server(context: BrowserContext, address: str) -> None:
    """One program at a time: a snippet of the page takes the server's place, and the bar says it."""
    visit = Visit(context, address, "en")
    visit.press("start")
    visit.page.get_by_role("log").get_by_text('"sid"').wait_for()
    assert visit.page.locator("fieldset:disabled").count() == 0
    visit.page.locator("[data-run] .run button", has_text="Run").first.click()
    status = visit.page.locator(".console-bar [role=status]")
    expect(status).to_have_text("The server has stopped: only one program can run at a time.")
    assert visit.page.locator("fieldset:disabled").count() == 2


@pytest.mark.parametrize(
    ("language", "query", "status"),
    [
        ("en", "?preset=hazard-1", "The process has ended: publish_loop raised TypeError("),
        ("zh", "?preset=hazard-2", "工作线程结束了"),
        ("en", "#preset=hazard-3", "The worker thread has ended"),
        ("zh", "?preset=hazard-4", "进程结束了，publish_loop 抛出了 TypeError("),
        ("en", "?preset=hazard-5", "The process has ended: publish_loop raised OSError("),
    ],
)
def test_a_hazard_can_be_tried(
    context: BrowserContext, address: str, language: str, query: str, status: str
) -> None:
    """The address carries the request; one that kills the server, or its worker, is seen to do so."""
    visit = Visit(context, address, language, query)
    number = query.rpartition("-")[2]
    ready = {"en": f"Then ready to send: Hazard {number}", "zh": f"启动后就可以发送：隐患 {number}"}[language]
    expect(visit.page.locator("[data-console]")).to_contain_text(ready)
    visit.press("start")
    visit.page.get_by_role("log").get_by_text('"sid"').wait_for()
    assert visit.page.get_by_label(visit.words["preset"]).input_value() == query.partition("=")[2]
    filled = "one => getComputedStyle(one).backgroundColor"
    assert visit.page.get_by_role("button", name=visit.words["send"]).evaluate(filled) != "rgba(0, 0, 0, 0)"
    visit.press("send")
    visit.page.locator(".console-bar [role=status]", has_text=status).wait_for()
    process_ends = query[-1] in "145"
    if query.endswith("-1"):
        expect(visit.page.get_by_role("alert")).to_contain_text(status)  # where the response stands
        seen = visit.page.locator("[role=alert], .console-status, [role=log]").evaluate_all(DIMMED)
        assert seen == [False] * 3  # the forms are dimmed, not what came back
        expect(visit.page.get_by_role("log")).to_contain_text("The connection has ended")
        start = visit.page.locator(".console-bar button")
        expect(start).to_be_focused()  # and the way on is in sight
        assert start.evaluate(filled) != "rgba(0, 0, 0, 0)"
        visit.page.get_by_role("alert").evaluate("one => one.scrollIntoView()")
        expect(visit.page.locator(".console-bar button")).to_be_in_viewport()
    ended = visit.page.locator("fieldset:disabled").count()
    assert ended == (2 if process_ends else 0)


def test_a_hazard_that_needs_a_flag_starts_the_server_with_it(context: BrowserContext, address: str) -> None:
    """The link to hazard 13 does so; a request for a server with other flags says to start it again first."""
    visit = started(context, address, "en", "?preset=hazard-13")
    status = visit.page.locator(".console-bar [role=status]")
    expect(status).to_contain_text("127.0.0.1:8188, started with --enable-cors-header https://friend.example")
    visit.press("send")
    visit.page.locator(".console-path").wait_for()
    assert visit.response()[:2] == ("200 OK", ["cache_control", "cors_middleware", "post_promptresponded"])
    explanation = visit.page.locator(".console-explanation")
    expect(explanation).not_to_contain_text("First stop")
    visit.page.get_by_label(visit.words["preset"]).select_option(value="foreign")
    expect(explanation).to_contain_text(
        "First stop and start the server: this request is for one without flags."
    )
    visit.press("stop")
    visit.press("start")
    expect(status).to_have_text(re.compile("127.0.0.1:8188$"))
    expect(explanation).not_to_contain_text("First stop")
    visit.page.get_by_label(visit.words["preset"]).select_option(value="hazard-13")
    expect(explanation).to_contain_text(
        "this request is for one with --enable-cors-header https://friend.example."
    )
    visit.press("send")
    visit.page.locator(".console-path").wait_for()
    assert visit.response()[0] == "403 Forbidden"


def test_what_is_no_image_is_shown_as_text(context: BrowserContext, address: str) -> None:
    """A result that an upload has replaced by a text, and the browser cannot draw."""
    visit = Visit(context, address, "en", "?preset=hazard-10")
    visit.press("start")
    visit.page.get_by_role("log").get_by_text('"sid"').wait_for()
    visit.press("send")
    visit.page.locator(".console-result", has_text='"type": "output"').wait_for()
    visit.send(method="GET", path="/view?filename=toy_00001_.png", headers="")
    result = visit.page.locator(".console-result")
    expect(result).to_contain_text("The browser cannot show this as an image: ")
    expect(result.locator("img")).to_have_count(0)


def change_file(context: BrowserContext, name: str, change: Any) -> None:
    """Change a script of Run on its passed to the browser."""

    def fulfil(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.text()))

    context.route(f"**/{{run,python}}-*/{name}", fulfil)


NO_JSPI = "delete WebAssembly.Suspending; delete WebAssembly.promising;"
CRASH = "onmessage = () => postMessage({ kind: 'ended', outcome: 'crashed', seconds: 1 });"


@pytest.mark.parametrize(
    ("language", "fault", "status"),
    [
        ("en", "no WebAssembly", "This browser has no WebAssembly"),
        ("en", "no JSPI", "This browser lacks JSPI"),
        ("zh", "download", "下载失败。"),
        ("zh", "crash", "Python 崩溃了。"),
    ],
)
def test_what_goes_wrong_is_told(
    context: BrowserContext, address: str, language: str, fault: str, status: str
) -> None:
    """An old browser, a failed download, a crash: each has its text, and a retry where that may help."""
    if fault == "no WebAssembly":
        context.add_init_script("delete window.WebAssembly")
    elif fault == "download":
        context.route("**/pyodide.asm.wasm", lambda route: route.abort())
    elif fault == "crash":
        change_file(context, "worker.js", lambda _: CRASH)
    else:
        change_file(context, "pyodide.js", lambda text: NO_JSPI + text)
    visit = Visit(context, address, language)
    visit.press("start")
    visit.page.locator("[data-console] [role=status]", has_text=status).wait_for()
    visit.requested.clear()
    visit.press("retry" if fault in ("download", "crash") else "start")
    visit.page.locator("[data-console] [role=status]", has_text=status).wait_for()
    assert any(FROM_RUN.search(url) for url in visit.requested) == (fault in ("download", "crash"))


def started(context: BrowserContext, address: str, language: str, query: str = "") -> Visit:
    """Open the page, and start the server."""
    visit = Visit(context, address, language, query)
    visit.press("start")
    visit.page.get_by_role("log").get_by_text('"sid"').wait_for()
    return visit


def test_an_answer_belongs_to_the_request_that_is_shown(context: BrowserContext, address: str) -> None:
    """What was sent before it has an answer too, which comes first and is not shown."""
    visit = started(context, address, "en")
    visit.page.locator(".console form").first.evaluate(
        """form => {
          const [method, path] = form.querySelectorAll("input");
          method.value = "GET";
          for (path.value of ["queue", "/none", "/queue"]) form.requestSubmit();
          window.said = [];
          const status = document.querySelector(".console-status");
          new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
        }"""
    )
    visit.page.locator(".console-path").wait_for()
    assert visit.response()[0] == "200 OK"
    expect(visit.page.get_by_role("alert")).to_have_text("")
    assert visit.page.evaluate("said.filter(Boolean)") == ["Response 200 OK"]


def test_a_wrong_length_is_not_sent(context: BrowserContext, address: str) -> None:
    """The server would take the next request for the rest of the body."""
    visit = started(context, address, "en")
    visit.page.get_by_label("Body", exact=True).fill("é")
    visit.send(method="POST", path="/queue", headers="content-length: 500")
    expect(visit.page.get_by_role("alert")).to_contain_text("Content-Length must be 2,")
    visit.send(headers="Content-Length: 2")
    expect(visit.page.locator(".console-status strong")).to_have_text("500 Internal Server Error")
    expect(visit.page.get_by_role("alert")).to_have_text("")


def test_the_end_of_the_worker_is_said_where_one_looks(context: BrowserContext, address: str) -> None:
    """The bar above has left a small window by then."""
    visit = started(context, address, "en", "?preset=hazard-2")
    visit.press("send")
    expect(visit.page.get_by_role("alert")).to_contain_text("The worker thread has ended")


def test_the_address_names_the_chosen_request(context: BrowserContext, address: str) -> None:
    """So that it can be passed on, and a reload keeps it."""
    visit = started(context, address, "zh", "#preset=hazard-2")
    select = visit.page.get_by_label(visit.words["preset"])
    select.select_option("GET /models/{folder}")
    assert "hazard" not in visit.page.url
    visit.page.reload()
    expect(visit.page.locator("[data-console]")).to_contain_text("GET /models/{folder}")


def test_a_link_carries_the_request_as_it_is_written(context: BrowserContext, address: str) -> None:
    """Copied in one page, it stands in the form of another; it is not sent by itself."""
    visit = started(context, address, "en", "?preset=hazard-2")
    visit.page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; }")
    visit.page.get_by_label("Body", exact=True).fill('{"extra_data": "共享"}')
    visit.page.get_by_role("button", name="Copy link", exact=True).click()
    expect(visit.page.get_by_text("Copied: the link holds the request as it stands.")).to_be_visible()
    copied = visit.page.evaluate("copied")
    other = Visit(context, address, "en", copied.partition("/try-it/")[2])
    expect(other.page.locator("[data-console]")).to_contain_text("Then ready to send: the link's request")
    other.press("start")
    other.page.get_by_role("log").get_by_text('"sid"').wait_for()
    expect(other.page.get_by_label("Body", exact=True)).to_have_value('{"extra_data": "共享"}')
    expect(other.page.get_by_label("Method", exact=True)).to_have_value("POST")
    expect(other.page.get_by_text("This is the link's request.")).to_be_visible()
    expect(other.page.locator(".console-status")).to_be_empty()


def test_a_cut_link_and_an_unknown_request_say_so(context: BrowserContext, address: str) -> None:
    """What cannot be read is not taken for the request that was meant."""
    visit = Visit(context, address, "en", "?preset=nonsense")
    expect(visit.page.locator("[data-console]")).to_contain_text(
        "No ready-made request is called “nonsense”."
    )
    visit = started(context, address, "en", "#request=i1ZKLK7MS87M10")
    expect(visit.page.get_by_role("alert")).to_contain_text("The link is not whole")
