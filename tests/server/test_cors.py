"""Proofs for the page server/cors."""

import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from snippets.recreation.server import PromptServer, create_cors_middleware
from snippets.recreation.serving import Serving, serving
from snippets.server.cors import guarded, missed, unlocked
from snippets.server.cors.headers import main as ask_for_headers
from snippets.server.origin_check import forged
from tests.server.foreign_page import empty_page, in_a_sandbox, overhear, visitor

APP, EVIL, ALLOW = "https://app.example", "https://evil.example", "Access-Control-Allow"
FOUR = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "POST, GET, DELETE, PUT, OPTIONS"),
    ("Access-Control-Allow-Headers", "Content-Type, Authorization"),
    ("Access-Control-Allow-Credentials", "true"),
]
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


@pytest.fixture(autouse=True)
def log_again() -> Iterator[None]:
    """Snippets silence the log; bring it back."""
    yield
    logging.disable(logging.NOTSET)


@asynccontextmanager
async def allowing(value: str = "*", *flags: str) -> AsyncIterator[Serving]:
    """Run a server that sends CORS headers, with a handler for each kind of response."""
    flags = ("--enable-cors-header", value, *flags)
    async with serving(*flags, prepare=missed.add_handlers, worker=False) as served:
        yield served


def remaining(served: Serving) -> int:
    """Return how many prompts are in the queue."""
    return served.server.prompt_queue.get_tasks_remaining()


def allowed(headers: object) -> list[tuple[str, str]]:
    """Return the headers whose names begin with `Access-Control`, in order."""
    return [(k, v) for k, v in headers.items() if k.lower().startswith("access-control")]  # type: ignore[attr-defined]


async def test_an_answer_gets_four_fixed_headers() -> None:
    """An answer gets four headers in fixed order; only the first depends on the option's value.

    响应得到四个头部，顺序固定；只有第一个随选项的值变。
    """
    for flags, value in ((["*"], "*"), ([APP], APP), ([], "*")):  # without a value it is `*`
        async with serving("--enable-cors-header", *flags, worker=False) as served:
            response = await served.client.get("/queue")
        assert response.status == 200
        assert allowed(response.headers) == [(f"{ALLOW}-Origin", value), *FOUR[1:]]


async def test_a_patch_route_is_not_named() -> None:
    """`/internal/logs/subscribe` answers PATCH, which is not among the methods allowed.

    `/internal/logs/subscribe` 收 PATCH，准许的方法里却没有它。
    """
    async with allowing() as served:
        wish = {"clientId": "me", "enabled": False}
        response = await served.client.patch("/internal/logs/subscribe", json=wish)
    assert response.status == 200
    assert "PATCH" not in response.headers[f"{ALLOW}-Methods"]


async def test_who_asks_makes_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    """The headers are the same whatever Origin asks, and without any: it is not even read.

    不管谁问、带不带 Origin，头部都一样：根本没人看 Origin。
    """
    async with allowing(APP) as served:
        for headers in ({}, {"Origin": APP}, {"Origin": EVIL}, {"Origin": "null"}):
            for method in ("GET", "OPTIONS"):
                response = await served.client.request(method, "/queue", headers=headers)
                assert response.status == 200
                assert allowed(response.headers) == [(f"{ALLOW}-Origin", APP), *FOUR[1:]]
    await ask_for_headers()
    lines = [f"{name}: {value}" for name, value in ((f"{ALLOW}-Origin", APP), *FOUR[1:])]
    assert capsys.readouterr().out.splitlines() == ["200 b''", *lines]


@pytest.mark.parametrize(
    ("request_line", "status", "marked"),
    [
        ("GET /returned", 404, True),
        ("GET /none.js", 404, True),
        ("GET /raised", 404, False),
        ("GET /internal/none", 404, False),
        ("DELETE /queue", 405, False),
        ("POST /prompt", 413, False),
        ("GET /broken", 500, False),
        ("GET /streamed", 200, False),
    ],
)
async def test_what_is_raised_or_sent_goes_without(request_line: str, status: int, marked: bool) -> None:
    """A returned 404 and a missing file carry the headers; what is raised, a 405, a 413, a 500 and a stream do not.

    返回的 404 和缺失的静态文件带头部；抛出的、405、413、500、流式的都不带。
    """  # noqa: E501
    logging.disable()
    method, path = request_line.split()
    body = BytesIO(b" " * 2**21) if method == "POST" else None
    async with allowing("*", "--max-upload-size", "1") as served:
        response = await served.client.request(method, path, data=body)
    assert (response.status, allowed(response.headers)) == (status, FOUR if marked else [])


async def test_one_allowed_origin_lets_all_others_write(capsys: pytest.CaptureFixture[str]) -> None:
    """With one origin allowed, a foreign page's text POST is queued; the answer names the other origin.

    只准一个来源，外站的文本 POST 照样进队列；响应里写的是那个准许的来源。
    """
    async with allowing(APP) as served:
        response = await served.client.post("/prompt", data=forged.BODY, headers=forged.FORGED)
        assert response.status == 200
        assert response.headers[f"{ALLOW}-Origin"] == APP
        assert remaining(served) == 1
    await unlocked.main()
    lines = ["200 queued: 1", f"sent by: {EVIL}", f"may read: {APP}"]
    assert capsys.readouterr().out.splitlines() == lines


async def test_a_page_that_may_not_read_still_writes_and_listens(chromium: Browser) -> None:
    """In Chromium a page not allowed reads no answer and posts no JSON; its text is queued, its socket reads.

    The page that is allowed reads a GET and a POST, but may not PATCH.

    Chromium 里没获准的页面读不到响应，也发不出 JSON；可文本 POST 进了队列，WebSocket 照收。获准的页面，GET 和 POST 都读得到，PATCH 不行。
    """  # noqa: E501
    heard: list[str] = []
    site = web.Application()
    site.router.add_get("/", empty_page)
    async with TestServer(site) as home:
        page = f"http://localhost:{home.port}"
        async with (
            serving(
                *("--enable-cors-header", page),
                prepare=lambda server: server.app.middlewares.insert(0, overhear(heard)),
                worker=False,
            ) as served,
            visitor(chromium, served.address, page=page) as run,
        ):
            for method, read in (("GET", True), ("POST", True), ("PATCH", False)):
                options = f"method: '{method}'" + (f", body: {forged.BODY!r}" if method == "POST" else "")
                fetched = await run(f"fetch('URL/prompt', {{{options}}}).then(() => true, () => false)")
                assert fetched is read
            assert [line.split()[0] for line in heard] == ["GET", "POST", "OPTIONS"]
            assert remaining(served) == 1
    async with allowing(APP) as served, visitor(chromium, served.address) as run:
        sent = f"fetch('URL/prompt', {{method: 'POST', body: {forged.BODY!r}}})"
        assert await run(f"{sent}.then(() => 'read', () => 'unread')") == "unread"
        assert await run("fetch('URL/queue').then(() => 'read', () => 'unread')") == "unread"
        header = "headers: {'Content-Type': 'application/json'}"
        asking = f"fetch('URL/prompt', {{method: 'POST', body: {forged.BODY!r}, {header}}})"
        assert await run(f"{asking}.then(() => 'read', () => 'unread')") == "unread"
        listen = "const ws = new WebSocket('WS_URL/ws'); ws.onerror = () => done(0)"
        listen += "; ws.onmessage = m => done(JSON.parse(m.data).type)"
        assert await run(f"new Promise(done => {{ {listen} }})") == "status"
        assert remaining(served) == 1


async def test_a_browser_decides_by_the_four_headers(chromium: Browser) -> None:
    """With `*` any page of Chromium reads, but not PATCH, `Comfy-User` or with cookies; with another page's origin nothing.

    选项是 `*`，Chromium 里什么页面都能读，但用 PATCH、带 `Comfy-User`、带 cookie 都不行；写的是别的来源，就什么都读不到。
    """  # noqa: E501

    def prepare(server: PromptServer) -> None:
        server.routes.route("*", "/any")(missed.returned)

    requests = [
        ("GET", None, False, True),
        ("HEAD", None, False, True),
        ("POST", "Content-Type", False, True),
        ("DELETE", "Authorization", False, True),
        ("PATCH", None, False, False),
        ("GET", "Comfy-User", False, False),
        ("GET", None, True, False),
    ]
    for value in ("*", APP):
        flags = "--enable-cors-header", value
        async with (
            serving(*flags, prepare=prepare, worker=False) as served,
            visitor(chromium, served.address) as run,
        ):
            for method, header, cookies, allowed_to_all in requests:
                options = f"method: '{method}', credentials: '{'include' if cookies else 'omit'}'"
                options += f", headers: {{'{header}': 'application/json'}}" if header else ""
                read = await run(f"fetch('URL/any', {{{options}}}).then(() => true, () => false)")
                assert read is (value == "*" and allowed_to_all)


async def test_only_the_exact_origin_is_understood(chromium: Browser) -> None:
    """The value goes out as it is; Chromium takes the exact origin or `*`, no slash behind it, no host alone, no list.

    值原样发出；Chromium 只认一字不差的来源和 `*`，多一条斜线、只写主机、写成一串都不认。
    """  # noqa: E501
    values = {"exact": "{}", "star": "*", "slash": "{}/", "list": "{}, https://b.example", "host": "HOST"}
    as_it_is: list[bool] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        value = values[request.match_info["name"]].format(origin := request.headers["Origin"])
        value = value.replace("HOST", origin.removeprefix("http://"))
        response = await create_cors_middleware(value)(request, missed.returned)
        as_it_is.append(response.headers[f"{ALLOW}-Origin"] == value)
        return response

    app = web.Application()
    app.router.add_get("/{name}", answer)
    async with TestServer(app) as server, visitor(chromium, (server.host, server.port or 0)) as run:
        read = [await run(f"fetch('URL/{name}').then(() => true, () => false)") for name in values]
    assert as_it_is == [True] * 5
    assert read == [True, True, False, False, False]


async def test_null_lets_every_sandboxed_frame_read(chromium: Browser, tmp_path: Path) -> None:
    """With the value `null` a local file and a sandboxed frame on a page of another site read; the page itself does not.

    With another value the console says of the file that the value is not equal to the supplied origin.

    值是 `null` 时，本机文件和外站页面里用 sandbox 的框架读得到响应，外站页面自己读不到；值是某个来源时，都读不到。
    这时控制台对本机文件说：值和页面的来源不同。
    """  # noqa: E501
    console: list[str] = []
    (file := tmp_path / "page.html").write_text("<!doctype html>", "utf-8")
    for value, read in (("null", "200"), (APP, "no")):
        async with allowing(value) as served, visitor(chromium, served.address) as run:
            ask = "fetch(`URL/queue`).then(r => `${r.status}`, () => `no`)"
            assert await run(in_a_sandbox(f"{ask}.then(say)")) == read
            assert await run(ask) == "no"
        async with (
            allowing(value) as served,
            visitor(chromium, served.address, page=file.as_uri(), console=console) as run,
        ):
            assert await run(ask) == read
        unequal = f"header has a value '{APP}' that is not equal to the supplied origin"
        assert [unequal in line for line in console[:1]] == ([] if read == "200" else [True])


async def test_a_raised_404_is_unreadable(chromium: Browser) -> None:
    """In Chromium a page reads the status of a returned 404; a raised one and a 500 fail, as with no server; `no-cors` shows nothing of them.

    Chromium 里，返回的 404 页面读得到状态码；抛出的那个和 500 都是错误，跟没有服务器一样；用 `no-cors` 也什么都看不到。
    """  # noqa: E501
    logging.disable()
    with socket.create_server(("127.0.0.1", 0)) as unused:
        closed = unused.getsockname()[1]
    async with allowing() as served, visitor(chromium, served.address) as run:
        assert await run("fetch('URL/returned').then(r => r.status)") == 404
        errors = [
            await run(f"fetch('{url}').then(r => r.status, e => `${{e}}`)")
            for url in ("URL/raised", "URL/broken", f"http://127.0.0.1:{closed}/")
        ]
        show = "async r => [r.type, r.status, await r.text(), [...r.headers].length]"
        opaque = [
            await run(f"fetch('URL/{path}', {{mode: 'no-cors'}}).then({show})")
            for path in ("raised", "broken")
        ]
    assert errors == ["TypeError: Failed to fetch"] * 3
    assert opaque == [["opaque", 0, "", 0]] * 2


CONSOLE = [
    ("", "GET /queue", {}, "No 'Access-Control-Allow-Origin' header is present"),
    ("PAGE", "GET /raised", {}, "No 'Access-Control-Allow-Origin' header is present"),
    ("PAGE", "GET /broken", {}, "No 'Access-Control-Allow-Origin' header is present"),
    ("PAGE/", "GET /queue", {}, "header has a value 'PAGE/' that is not equal to the supplied origin"),
    ("app.example", "GET /queue", {}, "header contains the invalid value 'app.example'"),
    ("HOST", "GET /queue", {}, "header has a value 'HOST' that is not equal to the supplied origin"),
    ("PAGE, https://b.example", "GET /queue", {}, "contains multiple values"),
    ("PAGE", "PATCH /queue", {}, "Method PATCH is not allowed by Access-Control-Allow-Methods"),
    (
        "PAGE",
        "GET /queue",
        {"headers": {"Comfy-User": "a"}},
        "Request header field comfy-user is not allowed by Access-Control-Allow-Headers",
    ),
    ("*", "GET /queue", {"credentials": "include"}, "must not be the wildcard '*'"),
]


@pytest.mark.parametrize(("value", "request_line", "more", "expected"), CONSOLE)
async def test_the_console_says_what_is_missing(
    chromium: Browser, value: str, request_line: str, more: dict[str, object], expected: str
) -> None:
    """Chromium's console names what is wrong: no header, its value, the method, a request header, cookies.

    Chromium 的控制台写出原因：没有响应头、值不同、有几个值、方法、请求头、`*` 加 Cookie。
    """
    logging.disable()
    site = web.Application()
    site.router.add_get("/", empty_page)
    method, path = request_line.split()
    console: list[str] = []
    async with TestServer(site) as home:
        page = f"http://localhost:{home.port}"
        async with (
            allowing(value.replace("PAGE", page).replace("HOST", page[7:])) as served,
            visitor(chromium, served.address, console=console, page=page) as run,
        ):
            options = json.dumps({"method": method, **more})
            fetched = await run(f"fetch('URL{path}', {options}).then(() => 0, e => `${{e}}`)")
    assert fetched == "TypeError: Failed to fetch"
    blocked = "has been blocked by CORS policy"
    (said,) = (line for line in console if blocked in line)
    assert expected.replace("PAGE", page).replace("HOST", page[7:]) in said.partition(blocked)[2]


@pytest.mark.parametrize("flags", [(), ("--enable-cors-header",)])
async def test_the_console_says_that_a_public_page_lacks_permission(
    chromium: Browser, flags: tuple[str, ...]
) -> None:
    """With the headers or without, Chromium's console says of a public page that permission was denied; a local page reads with them.

    Nor does the public page's text POST arrive, as the local page's does.

    有没有响应头都一样：互联网上的页面，Chromium 的控制台说没有许可；本机的页面，有响应头就读得到。
    互联网上的页面，文本 POST 也到不了；本机的页面，到得了。
    """  # noqa: E501
    logging.disable()
    console: list[str] = []
    async with serving(*flags, worker=False) as served:
        for public in (True, False):
            async with visitor(chromium, served.address, console=console, public=public) as run:
                read = await run("fetch('URL/queue').then(r => r.status, e => `${e}`)")
                assert read == (200 if flags and not public else "TypeError: Failed to fetch")
                causes = [line.partition("has been blocked by CORS policy")[2] for line in console]
                denied = "Permission was denied for this request to access the `loopback` address space"
                assert any(denied in cause for cause in causes) is public
                text = f"{{method: 'POST', mode: 'no-cors', body: {forged.BODY!r}}}"
                await run(f"fetch('URL/prompt', {text}).then(() => 0, () => 0)")
            assert remaining(served) == (1 if flags and not public else 0)
            console.clear()


async def test_what_is_not_named_is_not_sent(chromium: Browser) -> None:
    """In Chromium a method or a request header that the answer does not name gets an OPTIONS and is not sent; `Accept` is sent unasked.

    Where no method is named, GET, HEAD and POST are sent, and no other.

    Chromium 里，响应没有列出的方法和请求头，只换来一次 OPTIONS，请求本身不发；列出的才发；`Accept` 不问就发。
    一个方法也没有列出时，只发 GET、HEAD、POST。
    """  # noqa: E501
    heard: list[str] = []

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.insert(0, overhear(heard))

    flag = "--enable-cors-header"
    async with (
        serving(flag, prepare=prepare, worker=False) as served,
        visitor(chromium, served.address) as run,
    ):
        for options in (
            "method: 'PATCH'",
            "headers: {'Comfy-User': 'a'}",
            "method: 'HEAD'",
            "headers: {'Authorization': 'a'}",
            "headers: {'Accept': 'a/b'}",
        ):
            await run(f"fetch('URL/queue', {{{options}}}).then(() => 0, () => 0)")
    methods = [line.split()[0] for line in heard]
    assert methods == ["OPTIONS", "OPTIONS", "HEAD", "OPTIONS", "GET", "GET"]

    async def name_no_method(request: web.Request) -> web.Response:
        return web.Response(headers={f"{ALLOW}-Origin": "*", f"{ALLOW}-Headers": "Comfy-User"})

    app = web.Application(middlewares=[overhear(heard)])
    app.router.add_route("*", "/any", name_no_method)
    heard.clear()
    simple, others = ["GET", "HEAD", "POST"], ["PUT", "DELETE", "PATCH"]
    async with TestServer(app) as server, visitor(chromium, (server.host, server.port or 0)) as run:
        for method in simple + others:
            for header in ("", ", headers: {'Comfy-User': 'a'}"):
                asked = f"fetch('URL/any', {{method: '{method}'{header}}})"
                assert await run(f"{asked}.then(() => true, () => false)") is (method in simple)
    sent = [line.split()[0] for line in heard]
    assert [method for method in sent if method != "OPTIONS"] == ["GET"] * 2 + ["HEAD"] * 2 + ["POST"] * 2
    assert sent[:3] == ["GET", "OPTIONS", "GET"]


async def test_json_costs_a_second_request(chromium: Browser) -> None:
    """In Chromium a JSON POST from an allowed page is two requests, OPTIONS and POST; later ones may be one.

    Chromium 里，获准页面的 JSON POST 是两个请求：先 OPTIONS，再 POST；接连再发，有的就只有 POST。
    """
    heard: list[str] = []

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.insert(0, overhear(heard))

    flag = "--enable-cors-header"
    async with (
        serving(flag, prepare=prepare, worker=False) as served,
        visitor(chromium, served.address) as run,
    ):
        headers = "headers: {'Content-Type': 'application/json'}"
        sent = f"fetch('URL/prompt', {{method: 'POST', body: {forged.BODY!r}, {headers}}})"
        assert await run(f"{sent}.then(r => r.status)") == 200
        asked, posted = "OPTIONS /prompt PAGE -", "POST /prompt PAGE application/json"
        assert heard == [asked, posted]
        heard.clear()
        for _ in range(10):
            assert await run(f"{sent}.then(r => r.status)") == 200
        assert heard.count(posted) == 10
        assert heard.count(asked) < 10


@pytest.mark.ours("the repair in the exercise")
async def test_the_guard_lets_one_origin_in() -> None:
    """The guard lets the friend and the server's own pages write, others get 403; a rebound name passes.

    Behind https the own page opens, but its POST and its WebSocket get 403.

    守卫让那个来源和自己的页面写，别的都是 403，`null` 也是；重绑定的名字却过得去。
    https 代理后面，自己的页面能打开，它的 POST 和 WebSocket 却是 403。
    """
    rebound = {"Host": "evil.example:8188", "Origin": "http://evil.example:8188"}
    own = {"Host": "127.0.0.1:8188", "Origin": "http://127.0.0.1:8188"}
    for headers, status in (
        ({"Origin": guarded.FRIEND}, 200),
        ({}, 200),
        (own, 200),
        (rebound, 200),
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:8188", "Origin": "http://localhost:8188"}, 200),
        ({"Host": "[::1]:8188", "Origin": "http://[::1]:8188"}, 200),
        ({"Host": "mine.example", "Origin": "https://mine.example", "X-Forwarded-Proto": "https"}, 403),
    ):
        async with serving(prepare=guarded.protect, worker=False) as served:
            response = await served.client.post("/prompt", data=forged.BODY, headers=headers)
            assert response.status == status
            assert remaining(served) == (status == 200)
            assert (await served.client.get("/queue", headers=headers)).status == status
            async with served.client.get("/ws", headers={**headers, **HANDSHAKE}) as response:
                assert response.status == (101 if status == 200 else 403)
            opened = {name: value for name, value in headers.items() if name != "Origin"}
            assert (await served.client.get("/", headers=opened)).status == 200


@pytest.mark.ours("the repair in the exercise")
async def test_the_signal_marks_a_raised_404_and_a_500_too() -> None:
    """Set in the signal, the headers come with a raised 404, a 500, a stream, a 101 and a preflight's 204.

    头部放在信号里加，抛出的 404、500、流式的、
    WebSocket 的 101、预检的 204，全都带上。
    """
    logging.disable()
    headers = {"Origin": guarded.FRIEND}

    def prepare(server: PromptServer) -> None:
        guarded.protect(server)
        missed.add_handlers(server)

    async with serving(prepare=prepare, worker=False) as served:
        for path, status in (("/raised", 404), ("/internal/none", 404), ("/broken", 500), ("/streamed", 200)):
            response = await served.client.get(path, headers=headers)
            assert (response.status, response.headers[f"{ALLOW}-Origin"]) == (status, guarded.FRIEND)
        async with served.client.get("/ws", headers=headers | HANDSHAKE) as response:
            assert (response.status, response.headers[f"{ALLOW}-Origin"]) == (101, guarded.FRIEND)
        headers["Access-Control-Request-Method"] = "PATCH"
        response = await served.client.options("/raised", headers=headers)
    assert (response.status, response.headers[f"{ALLOW}-Origin"]) == (204, guarded.FRIEND)
    assert "PATCH" in response.headers[f"{ALLOW}-Methods"]
