"""Proofs for the page server/origin-check."""

import asyncio
import contextlib
import inspect
import itertools
import json
import logging
import re
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from playwright.async_api import Browser

from snippets.recreation import folder_paths
from snippets.recreation.server import PromptServer, is_loopback
from snippets.recreation.serving import Serving, serving
from snippets.server.listening.https import PAIR
from snippets.server.origin_check import checks, forged, strict
from tests.browser import FLAGS, find_browser
from tests.real.plugin import COMFYUI, swap
from tests.server.foreign_page import empty_page, in_a_sandbox, overhear, visitor

with contextlib.suppress(ModuleNotFoundError):  # in a web page, where other proofs of this file run
    from tests.site.nginx import nginx

EVIL = "https://evil.example"
PROXIED = {"Host": "comfy.example", "Origin": "https://comfy.example"}
OWN = "http://127.0.0.1:8188"


@pytest.fixture(autouse=True)
def log_again() -> Iterator[None]:
    """Snippets silence the log; bring it back."""
    yield
    logging.disable(logging.NOTSET)


def remaining(served: Serving) -> int:
    """Return how many prompts are in the queue."""
    return served.server.prompt_queue.get_tasks_remaining()


@asynccontextmanager
async def checked(
    folder: Path | None = None, heard: list[str] | None = None, check: bool = True
) -> AsyncIterator[Serving]:
    """Run the server behind its check (or without), with an empty page and a folder of web files.

    Args:
        folder: gets a script below `assets`; None means the server's own.
        heard: gets a line for each request.
        check: whether the second middleware stays.
    """

    def prepare(server: PromptServer) -> None:
        if not check:
            forged.remove_check(server)
        if heard is not None:
            server.app.middlewares.insert(0, overhear(heard))
        server.routes.get("/page")(empty_page)

    flags = []
    if folder:
        (folder / "assets").mkdir()
        (folder / "assets/app.js").write_text('console.log("app");\n')
        flags = ["--front-end-root", str(folder)]
    async with serving(*flags, prepare=prepare, worker=False) as served:
        yield served


async def status(host: str, origin: str | None, method: str = "GET", path: str = "/queue") -> int:
    """Return the status that Host and Origin get."""
    headers = {"Host": host} | ({"Origin": origin} if origin is not None else {})
    async with checked() as served, served.client.request(method, path, headers=headers) as response:
        return response.status


async def raw(message: bytes) -> bytes:
    """Send bytes as they are; return the first line of the response."""
    async with checked() as served:
        reader, writer = await asyncio.open_connection(*served.address)
        writer.write(message)
        line = await reader.readline()
        writer.close()
        return line.strip()


def looking_up(monkeypatch: pytest.MonkeyPatch, found: Callable[[str, Any], list[str]]) -> None:
    """Replace the look-up of names for the rest of the test."""

    def look_up(host: str, port: None, family: Any, kind: Any) -> list[tuple[object, ...]]:
        assert kind == socket.SOCK_STREAM
        return [(family, kind, 0, "", (address, 0)) for address in found(host, family)]

    monkeypatch.setattr("socket.getaddrinfo", look_up)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.0.0.0", True),
        ("127.0.0.2", True),
        ("127.255.255.255", True),
        ("126.255.255.255", False),
        ("128.0.0.0", False),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.0.5", False),
        (None, False),
    ],
)
def test_what_counts_as_this_machine(host: str | None, loopback: bool) -> None:
    """All of 127.0.0.0/8, ::1 and localhost count as loopback; 0.0.0.0, ::, LAN addresses and None do not.

    127.0.0.0/8 全段、::1 和 localhost 都算回环；0.0.0.0、::、局域网地址和 None 不算。
    """
    assert is_loopback(host) is loopback


async def test_a_foreign_page_can_post_text_without_the_check() -> None:
    """Without the check a text/plain POST with a foreign Origin is queued; with it, 403 and nothing queued.

    没有检查，外站 Origin 的 text/plain POST 照样进队列；有检查就是 403，什么也没进。
    """
    for check, expected, queued in ((False, 200, 1), (True, 403, 0)):
        async with checked(check=check) as served:
            async with served.client.post("/prompt", data=forged.BODY, headers=forged.FORGED) as response:
                assert response.status == expected
            assert remaining(served) == queued


async def test_a_browser_asks_before_json_but_not_before_text(chromium: Browser) -> None:
    """In Chromium a foreign page's text POST arrives at once; its JSON POST sends OPTIONS and stops there.

    A POST to `/interrupt` and an upload arrive at once, too.

    Chromium 里外站页面的文本 POST 直接到达；JSON POST 先发 OPTIONS，到此为止。
    发给 `/interrupt` 的 POST 和上传也直接到达。
    """
    heard: list[str] = []
    async with checked(heard=heard, check=False) as served, visitor(chromium, served.address) as run:
        json_header = "headers: {'Content-Type': 'application/json'}"
        for more in ("", f", {json_header}"):
            sent = f"fetch('URL/prompt', {{method: 'POST', body: {forged.BODY!r}{more}}})"
            assert await run(f"{sent}.then(() => 'read', () => 'unread')") == "unread"
        form = "const f = new FormData(); f.append('image', new Blob(['x']), 'a.png')"
        interrupt = "await fetch('URL/interrupt', {method: 'POST', mode: 'no-cors'})"
        upload = "await fetch('URL/upload/image', {method: 'POST', mode: 'no-cors', body: f})"
        await run(f"(async () => {{ {interrupt}; {form}; {upload} }})()")
        assert (folder_paths.get_input_directory() / "a.png").read_bytes() == b"x"
    assert heard == [
        "POST /prompt PAGE text/plain",
        "OPTIONS /prompt PAGE -",
        "POST /interrupt PAGE -",
        "POST /upload/image PAGE multipart/form-data",
    ]
    assert remaining(served) == 1


async def test_who_sends_an_origin(chromium: Browser) -> None:
    """Chromium sends Origin with foreign fetches, sockets, forms by POST, own POSTs, own modules, `crossorigin`; not with other pictures, own scripts, own GETs by fetch.

    Chromium 在外站的 fetch、WebSocket、POST 表单、本站的 POST 和模块、写了 `crossorigin` 的请求里带 Origin；别的图片、本站的普通脚本、本站用 fetch 发的 GET 不带。
    """  # noqa: E501
    heard: list[str] = []
    async with checked(heard=heard) as served, visitor(chromium, served.address) as run:
        await run("fetch('URL/queue').catch(() => 0)")
        await run("new Promise(done => { new WebSocket('WS_URL/ws').onerror = done }).then(() => 0)")
        picture = "const i = new Image(); i.onerror = () => done(0); i.src = 'URL/queue'"
        await run(f"new Promise(done => {{ {picture} }})")
        asking = picture.replace("i.src", "i.crossOrigin = ''; i.src")
        await run(f"new Promise(done => {{ {asking} }})")
        frame = "const i = document.createElement('iframe'); i.name = 'i'; document.body.append(i)"
        form = "const f = document.createElement('form'); f.method = 'POST'; f.action = 'URL/prompt'"
        sent = "f.target = 'i'; document.body.append(f); i.onload = () => done(0); f.submit()"
        await run(f"new Promise(done => {{ {frame}; {form}; {sent} }})")
    said = [line.rpartition(" ")[0] for line in heard]
    assert said == [
        "GET /queue PAGE",
        "GET /ws PAGE",
        "GET /queue -",
        "GET /queue PAGE",
        "POST /prompt PAGE",
    ]
    heard.clear()
    async with checked(heard=heard) as served, visitor(chromium, served.address, at_home=True) as run:
        await run("fetch('/queue').then(() => fetch('/queue', {method: 'POST'})).then(() => 0)")
        for kind in (
            "s.src = '/a.js'",
            "s.type = 'module'; s.src = '/m.js'",
            "s.crossOrigin = ''; s.src = '/c.js'",
        ):
            script = f"const s = document.createElement('script'); s.onerror = done; {kind}"
            await run(f"new Promise(done => {{ {script}; document.head.append(s) }}).then(() => 0)")
    assert [line.rpartition(" ")[0] for line in heard] == [
        "GET /page -",
        "GET /queue -",
        "POST /queue http://127.0.0.1",
        "GET /a.js -",
        "GET /m.js http://127.0.0.1",
        "GET /c.js http://127.0.0.1",
    ]


async def test_only_a_foreign_origin_on_loopback_is_refused() -> None:
    """A foreign Origin at a loopback Host gets 403, and no handler runs; at a LAN address it runs.

    The scheme of the Origin is not compared.

    外站 Origin 发到回环地址是 403，处理函数不执行；发到局域网地址，或者没有 Origin，就执行。
    Origin 的协议不比较。
    """
    ran: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        ran.append(request.host)
        return web.Response()

    def prepare(server: PromptServer) -> None:
        server.routes.route("*", "/mine")(handler)

    async with serving(prepare=prepare, worker=False) as served:
        for host, origin, expected in (
            ("127.0.0.1:8188", EVIL, 403),
            ("[::1]:8188", EVIL, 403),
            ("localhost:8188", EVIL, 403),
            ("127.0.0.1:8188", "http://127.0.0.2:8188", 403),
            ("127.0.0.1:8188", "http://192.168.0.5:8188", 403),
            ("192.168.0.5:8188", EVIL, 200),
            ("192.168.0.5:8188", OWN, 200),
            ("8.8.8.8", EVIL, 200),
            ("[fd00::5]:8188", EVIL, 200),
            ("127.0.0.1:8188", None, 200),
            ("127.0.0.1:8188", OWN, 200),
            ("127.0.0.1:8188", OWN.replace("http:", "https:"), 200),
            ("127.0.0.1:8188", "http://127.0.0.1:3000", 403),
        ):
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"):
                headers = {"Host": host} | ({"Origin": origin} if origin else {})
                response = await served.client.request(method, "/mine", headers=headers)
                assert response.status == expected
                assert ran == ([host] if expected == 200 else [])
                ran.clear()


async def test_the_first_no_lets_a_request_pass() -> None:
    """In this order: both headers, Host loopback, two sides to compare, they differ; the first no passes, else 403.

    依次检查：两个字段都有、Host 是回环地址、两边都不空、两边不同；第一个“否”就放行，都是“是”就返回 403。
    """  # noqa: E501
    ports = "", ":80", ":8188"
    hosts = [host + port for host in ("127.0.0.1", "127.0.0.2", "10.0.0.1", "[::1]", "") for port in ports]
    names = "127.0.0.1", "[::1]", "evil.example", "10.0.0.1", ""
    origins = [*(f"http://{name}{port}" for name in names for port in ports), "null", "", None]
    passed: dict[str, set[int]] = {}
    logging.disable()
    async with checked() as served:
        for host, origin in itertools.product(hosts, origins):
            answer = await checks.follow(served.client, host, origin)
            *answers, status = answer.split(", ")
            assert [one.split()[0] for one in answers] == ["headers", "loopback", "named", "differ"][
                : len(answers)
            ]
            assert status == ("403" if all(one.split()[1] == "yes" for one in answers) else "200"), answer
            passed.setdefault(" ".join(answers[-1].split()[:2]), set()).add(int(status))
    assert passed == {
        "headers no": {200},
        "loopback no": {200},
        "named no": {200},
        "differ no": {200},
        "differ yes": {403},
    }


async def test_two_names_of_one_machine_differ() -> None:
    """A page of localhost is refused at 127.0.0.1, though both are this machine.

    localhost 的页面访问 127.0.0.1 也被拒绝，虽然都是这台机器。
    """
    assert await status("127.0.0.1:8188", "http://localhost:8188") == 403
    assert await status("localhost:8188", OWN) == 403
    assert await status("localhost:8188", "http://localhost:8188") == 200


async def test_without_one_port_no_port_is_compared() -> None:
    """If either side has no port, the other's port is dropped; with both, they must be equal.

    有一边没写端口，另一边的端口也丢掉；两边都写了才比。
    """
    assert await status("127.0.0.1:8188", "http://127.0.0.1:3000") == 403
    assert await status("127.0.0.1:8188", "http://127.0.0.1:80") == 403
    assert await status("127.0.0.1", "http://127.0.0.1:3000") == 200
    assert await status("127.0.0.1:8188", "http://127.0.0.1") == 200
    assert await status("127.0.0.1", "http://localhost") == 403
    assert (await strict.ask())[:10] == [200, 403, 403, 200, 200, 403, 200, 200, 200, 500]


async def test_an_ipv6_page_without_port_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    """When one side has no port, [::1] loses its brackets on that comparison's other side only: 403.

    The log names what was compared, `::1` and `[::1]`.

    只有一边没写端口时，[::1] 一边去了方括号，另一边没去，于是 403。
    日志里写着比较的是什么：`::1` 和 `[::1]`。
    """
    assert await status("[::1]:8188", "http://[::1]:8188") == 200
    assert await status("[::1]", "http://[::1]") == 200
    assert await status("[::1]:8188", "http://[::1]") == 403
    assert await status("[::1]", "http://[::1]:8188") == 403
    compared = [record.getMessage().replace(",", "").split() for record in caplog.records]
    assert [{"::1", "[::1]"} <= set(words) for words in compared if "[::1]" in words] == [True, True]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:abc", OWN),
        ("127.0.0.1:65536", OWN),
        ("192.168.0.5:abc", OWN),
        ("127.0.0.1:8188", "http://127.0.0.1:65536"),
        ("127.0.0.1:8188", "http://127.0.0.1:abc"),
        ("127.0.0.1:8188", "http://[::1"),
        ("a..b", OWN),
        ("a" * 64, OWN),
    ],
)
async def test_what_cannot_be_read_is_a_500(host: str, origin: str) -> None:
    """A port that is no number or too big, an open bracket, a name that cannot be looked up: 500, without Origin 200.

    端口不是数字或太大、方括号没闭合、名字没法查：都是 500；没有 Origin，就是 200。
    """  # noqa: E501
    logging.disable()
    assert await status(host, origin) == 500
    assert await status(host, None) == 200


async def test_null_passes() -> None:
    """`Origin: null` has no host to compare, so it passes.

    `Origin: null` 里没有主机名可比，于是放行。
    """
    assert await status("127.0.0.1:8188", "null") == 200
    assert await status("127.0.0.1", "null") == 200


async def test_a_sandboxed_frame_gets_through(chromium: Browser) -> None:
    """A foreign page's sandboxed frame sends `Origin: null`: its POST is queued, its WebSocket reads.

    外站页面放一个 sandbox 的 iframe，发出的就是 `Origin: null`：POST 进了队列，WebSocket 也读到了。
    """
    heard: list[str] = []
    async with checked(heard=heard) as served, visitor(chromium, served.address) as run:
        post = f"fetch(`URL/prompt`, {{method: `POST`, mode: `no-cors`, body: `{forged.BODY}`}})"
        post += ".then(() => say(1))"
        await run(in_a_sandbox(post))
        listen = "const ws = new WebSocket(`WS_URL/ws`); ws.onerror = () => say(0)"
        listen += "; ws.onmessage = m => say(JSON.parse(m.data).type)"
        assert await run(in_a_sandbox(listen)) == "status"
    assert heard == ["POST /prompt null text/plain", "GET /ws null -"]
    assert remaining(served) == 1


async def test_the_zero_address_passes() -> None:
    """A server on 127.0.0.1 can be reached as 0.0.0.0 (on Linux); then any foreign Origin passes.

    监听 127.0.0.1 的服务器，用 0.0.0.0 也连得上（Linux），这时外站 Origin 一律放行。
    """
    assert await status("0.0.0.0:8188", EVIL) == 200
    async with checked() as served, ClientSession() as session:
        host, port = served.address
        assert host == "127.0.0.1"
        url = f"http://0.0.0.0:{port}/queue"
        async with session.get(url, headers={"Origin": EVIL}) as answer:
            assert answer.status == 200


async def test_a_name_that_points_here_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A foreign name that resolves to 127.0.0.1 is loopback, but equals its own Origin: it passes.

    外站的名字若解析成 127.0.0.1，算回环；可它和自己的 Origin 相同，于是放行。
    """
    async with checked() as (_, client, *_):
        looking_up(monkeypatch, lambda host, family: ["127.0.0.1"])
        assert is_loopback("evil.example") is True
        for origin, expected in (("http://evil.example:8188", 200), ("http://other.example", 403)):
            headers = {"Host": "evil.example:8188", "Origin": origin}
            assert (await client.get("/queue", headers=headers)).status == expected


async def test_options_ends_here() -> None:
    """OPTIONS on any path is 200, empty, without headers of CORS; a 403 or a 500 of the check comes before that.

    A handler for OPTIONS does not run, its GET does.

    任何路径的 OPTIONS 都是 200、空的，没有 CORS 头部；检查给出的 403 和 500 在那之前。
    为 OPTIONS 写的处理函数不执行；同一个处理函数，GET 就执行。
    """  # noqa: E501
    logging.disable()
    ran: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        ran.append(request.method)
        return web.Response(text="mine")

    async with serving(
        prepare=lambda server: server.routes.route("*", "/mine")(handler), worker=False
    ) as served:
        for method, text in (("OPTIONS", ""), ("GET", "mine")):
            response = await served.client.request(method, "/mine")
            assert (response.status, await response.text()) == (200, text)
    assert ran == ["GET"]
    asking = {"Host": "192.168.0.5:8188", "Origin": EVIL, "Access-Control-Request-Method": "POST"}
    for path, headers in itertools.product(("/prompt", "/nowhere"), ({}, asking)):
        async with checked() as served:
            response = await served.client.options(path, headers=headers)
            assert (response.status, await response.text()) == (200, "")
        assert not [name for name in response.headers if name.startswith("Access-Control")]
        assert "Allow" not in response.headers
    assert await status("127.0.0.1:8188", EVIL, "OPTIONS", "/prompt") == 403
    assert await status("127.0.0.1:abc", OWN, "OPTIONS", "/prompt") == 500
    star = b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    assert await raw(star) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/queue", "/api/queue", "/internal/logs", "/nowhere", "/ws", "/assets/app.js"),
        *("/assets/none.js", "/free", "/prompt", "/upload/image"),
    ],
)
async def test_it_covers_every_path(path: str, tmp_path: Path) -> None:
    """Routes, unknown paths, the socket and static files are all behind the check.

    路由、不存在的路径、WebSocket、静态文件，全在检查后面。
    """
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers = {"Host": "127.0.0.1:8188", "Origin": EVIL, "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="}
    async with checked(tmp_path) as served:
        for method, more in (("GET", upgrade), ("POST", {})):
            response = await served.client.request(method, path, headers=headers | more)
            assert (response.status, await response.text()) == (403, "")


async def test_even_the_refusal_of_a_script_is_marked(tmp_path: Path) -> None:
    """The middleware for caches is outside: the 403 for a script carries no-cache.

    缓存中间件在外层：连脚本的 403 也带 no-cache。
    """
    headers = {"Host": "127.0.0.1:8188", "Origin": EVIL}
    async with checked(tmp_path) as served:
        response = await served.client.get("/assets/app.js", headers=headers)
    assert (response.status, response.headers.get("Cache-Control")) == (403, "no-cache")


async def test_a_request_without_host_is_not_checked() -> None:
    """HTTP/1.1 without Host gets 400 from aiohttp 3.14; HTTP/1.0 without Host passes with any Origin.

    HTTP/1.1 不带 Host，aiohttp 3.14 自己返回 400；HTTP/1.0 不带 Host，什么 Origin 都放行。
    """
    origin = f"Origin: {EVIL}\r\nConnection: close\r\n\r\n".encode()
    logging.disable()
    assert b" 400 " in await raw(b"GET /queue HTTP/1.1\r\n" + origin)
    assert b" 200 " in await raw(b"GET /queue HTTP/1.0\r\n" + origin)


async def test_names_are_looked_up_for_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name costs two look-ups for each request, one if it is foreign; an address or no Origin, none.

    每个请求都要查两次名字，是外面的就只查一次；写成地址，或者没有 Origin，就不查。
    """
    asked: list[str] = []

    def found(host: str, family: Any) -> list[str]:
        asked.append(host)
        return ["8.8.8.8"] if host == "foreign.example" else ["127.0.0.1"]

    costs = {"mine.example": 2, "localhost": 2, "foreign.example": 1, "127.0.0.1": 0, "192.168.0.5": 0}
    async with checked() as (_, client, *_):
        looking_up(monkeypatch, found)
        for host, times in costs.items():
            for origin in (f"http://{host}", f"http://{host}", EVIL, "null"):
                asked.clear()
                await client.post("/queue", json={}, headers={"Host": host, "Origin": origin})
                assert asked == [host] * times
        asked.clear()
        await client.get("/queue", headers={"Host": "mine.example"})
        assert not asked


async def test_a_slow_look_up_stops_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a name is looked up, no other task gets a turn, and another client gets no answer.

    查主机名的时候，别的任务都不执行，另一个客户端的请求也等不到响应；查完才有。
    """
    turns = 0
    during: list[tuple[int, bool]] = []
    others: list[Future[int]] = []
    loop = asyncio.get_running_loop()

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with checked() as served:

        async def ask() -> int:
            return (await served.client.get("/queue")).status

        def found(host: str, family: Any) -> list[str]:
            before = turns
            others.append(other := asyncio.run_coroutine_threadsafe(ask(), loop))
            time.sleep(0.1)
            during.append((turns - before, other.done()))
            return ["127.0.0.1"]

        looking_up(monkeypatch, found)
        ticking = asyncio.create_task(tick())
        await served.client.get("/queue", headers={"Host": "mine.example", "Origin": "http://mine.example"})
        assert [await asyncio.wrap_future(other) for other in others] == [200, 200]
        ticking.cancel()
    assert turns
    assert during == [(0, False)] * 2


def test_server_py_reads_host_and_origin_and_no_other_header() -> None:
    """In server.py `request.headers` is asked for Host and Origin alone; nothing else that it uses of a request is a header.

    server.py 里，`request.headers` 只用来查 Host 和 Origin；请求的其他部分，它用到的都不是请求头。
    """  # noqa: E501
    source = inspect.getsource(sys.modules[PromptServer.__module__])
    form = r"""["']([\w-]+)["'] in request\.headers|request\.headers\[["']([\w-]+)["']\]"""
    asked = re.findall(form, source)
    assert len(asked) == source.count("request.headers")
    assert set(re.findall(r"(\w+)\.headers\b", source)) == {"request", "response"}  # none by another name
    assert {name for either in asked for name in either if name} == {"Host", "Origin"}
    parts = {"headers", "method", "path", "match_info", "query", "rel_url", "json", "post"}
    assert set(re.findall(r"\brequest\.(\w+)", source)) <= parts


async def test_a_refusal_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Each refusal writes one warning that names both sides; what passes writes none.

    每次拒绝记一行警告，两边都写上；放行的不记。
    """
    await status("127.0.0.1:8188", f"{EVIL}:444")
    await status("127.0.0.1:8188", OWN)
    (record,) = (r for r in caplog.records if r.levelno == logging.WARNING)
    assert "evil.example:444" in record.getMessage()
    assert "127.0.0.1:8188" in record.getMessage()
    assert ("request with non matching host and origin" in record.getMessage()) is bool(COMFYUI)


REAL: list[tuple[str, str, dict[str, str], int, str | None]] = [
    ("OPTIONS", "/prompt", {"Origin": EVIL}, 403, None),
    ("POST", "/prompt", {"Origin": EVIL}, 403, None),
    ("GET", "/queue", {"Origin": "http://localhost:8188"}, 403, None),
    ("GET", "/assets/app.js", {"Origin": EVIL}, 403, "no-cache"),
    ("GET", "/queue", {"Host": "127.0.0.1", "Origin": "http://localhost"}, 403, None),
    ("GET", "/queue", {"Host": "localhost:8188", "Origin": EVIL}, 403, None),
    ("GET", "/queue", {"Host": "127.0.0.2:8188", "Origin": EVIL}, 403, None),
    ("GET", "/queue", {"Host": "127.0.0.1", "Origin": "null"}, 200, None),
    ("GET", "/queue", {"Host": "0.0.0.0:8188", "Origin": EVIL}, 200, None),
    ("GET", "/queue", {"Origin": "http://u@127.0.0.1:8188"}, 403, None),
    ("GET", "/queue", {"Host": "127.0.0.1:abc", "Origin": OWN}, 500, None),
]


@pytest.mark.parametrize(("method", "path", "headers", "expected", "cache"), REAL)
async def test_it_answers_as_the_real_server_did(
    method: str, path: str, headers: dict[str, str], expected: int, cache: str | None, tmp_path: Path
) -> None:
    """Status, body and Cache-Control are those the unmodified v0.3.10 gave to the same requests.

    状态、正文、Cache-Control 都和未改动的 v0.3.10 对同样请求的答复一样。
    """
    logging.disable()
    async with checked(tmp_path) as served:
        headers = {"Host": "127.0.0.1:8188"} | headers
        response = await served.client.request(method, path, headers=headers)
        text = await response.text()
    bodies = {
        200: json.dumps({"queue_running": [], "queue_pending": []}),
        403: "",
        500: "500 Internal Server Error\n\nServer got itself in trouble",
    }
    assert (response.status, text) == (expected, bodies[expected])
    assert response.headers.get("Cache-Control") == cache
    assert not [name for name in response.headers if name.startswith("Access-Control")]


@pytest.mark.ours("our check, in the place of ComfyUI's")
async def test_a_check_after_the_handler_is_too_late() -> None:
    """A check behind `await handler(request)` answers 403, but the prompt is queued.

    检查写在 `await handler(request)` 后面，返回 403，prompt 却已经进了队列。
    """
    for origin, expected in ((EVIL, 403), (OWN, 200), (None, 200)):
        headers = {name: value for name, value in forged.FORGED.items() if name != "Origin"}
        headers |= {"Origin": origin} if origin else {}
        async with serving(prepare=forged.check_too_late, worker=False) as served:
            response = await served.client.post("/prompt", data=forged.BODY, headers=headers)
            assert response.status == expected
            assert remaining(served) == 1


def proxy_to(target: str, keep_host: bool) -> web.Application:
    """Return a reverse proxy that passes Host on, or sends its own."""

    async def forward(request: web.Request) -> web.Response:
        headers = dict(request.headers)
        if not keep_host:
            del headers["Host"]  # the client fills in the target's
        body = await request.read()
        async with (
            ClientSession(headers=headers) as session,
            session.request(request.method, target + request.path, data=body) as response,
        ):
            return web.Response(status=response.status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", forward)
    return app


@pytest.mark.parametrize(("keep_host", "posted"), [(False, 403), (True, 200)])
async def test_a_proxy_must_pass_host_on(keep_host: bool, posted: int) -> None:
    """Behind a proxy that sends its own Host, GET is 200 and POST 403; with Host kept, both are 200.

    A kept Host lets a foreign page's POST pass too, unless it is loopback or resolves to loopback.

    代理自己写 Host，它后面页面的 GET 是 200，POST 是 403；原样传 Host，两个都是 200。
    传来的 Host 不是回环地址，外站页面的 POST 也放行；如果名字解析成回环地址，就不放行。
    """
    async with checked() as served:
        target = "http://{}:{}".format(*served.address)
        async with TestClient(TestServer(proxy_to(target, keep_host))) as browser:
            response = await browser.get("/queue", headers={"Host": PROXIED["Host"]})
            assert response.status == 200
            response = await browser.post("/prompt", data=forged.BODY, headers=PROXIED)
            assert response.status == posted
            own = {"Host": "localhost:3000", "Origin": "http://localhost:3000"}
            for headers, expected in (
                (own, posted),
                (own | {"Origin": EVIL}, 403),
                (PROXIED | {"Origin": EVIL}, posted),
            ):
                response = await browser.post("/prompt", data=forged.BODY, headers=headers)
                assert response.status == expected  # kept, a loopback `Host` is still checked
            with pytest.MonkeyPatch.context() as patch:
                looking_up(patch, lambda host, family: ["127.0.0.1"])
                headers = PROXIED | {"Origin": EVIL}
                response = await browser.post("/prompt", data=forged.BODY, headers=headers)
            assert response.status == 403
        assert remaining(served) == 3 * (posted == 200)


@pytest.mark.parametrize(("keep_host", "module"), [(False, 403), (True, 200)])
async def test_behind_a_proxy_with_its_own_host_a_module_is_refused(
    chromium: Browser, keep_host: bool, module: int, tmp_path: Path
) -> None:
    """Behind a proxy that sends its own Host Chromium gets the page and a plain script; its module is a 403, else a 200.

    Without the module the page is empty. ComfyUI's page has a module for its script, and no other.

    代理自己写 Host，Chromium 拿得到页面和普通脚本，模块是 403；原样传 Host，模块是 200。
    没有模块，页面是空白的。ComfyUI 的页面只有一个脚本，是模块。
    """  # noqa: E501
    if COMFYUI and (page := swap(COMFYUI).read("web/index.html")):
        assert [tag[:14] for tag in page.split("<script ")[1:]] == ['type="module" ']
    answered: list[tuple[str, int]] = []

    @web.middleware
    async def proxy(request: web.Request, handler: Handler) -> web.StreamResponse:
        headers = request.headers.copy()
        headers["Host"] = request.headers["Host"] if keep_host else "127.0.0.1:8188"
        response = await handler(request.clone(headers=headers))
        answered.append((request.path, response.status))
        return response

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.insert(0, proxy)

    scripts = "<script src=/plain.js></script><script type=module src=/module.js></script>"
    page = f"<!doctype html><link rel=icon href=data:,>{scripts}"
    for name, text in (
        ("index.html", page),
        ("plain.js", ""),
        ("module.js", "import './part.js'; document.body.append('ComfyUI')"),
        ("part.js", ""),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    flags = "--front-end-root", str(tmp_path)
    start = serving(*flags, prepare=prepare, worker=False)
    async with (
        start as served,
        visitor(chromium, served.address, page="http://{}:{}/".format(*served.address)) as run,
    ):
        assert await run("document.body.innerText") == ("ComfyUI" if module == 200 else "")
    parts = {"/part.js": 200} if module == 200 else {}
    assert dict(answered) == {"/": 200, "/plain.js": 200, "/module.js": module, **parts}


@web.middleware
async def refuse_cross_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Go by what the browser says of the page that asks.

    Source: ComfyUI 2f35f4a0, server.py 162–165.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return web.Response(status=403)
    return await handler(request)


def add_refusal(server: PromptServer) -> None:
    """Put it before the check that compares Host and Origin."""
    server.app.middlewares.insert(1, refuse_cross_site)


@pytest.mark.ours("the check of v0.33.0")
async def test_cross_site_is_refused_before_anything_is_compared(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With v0.33.0's rule `cross-site` is a 403 on any method and path; same-site, none and no header go on.

    Whatever Host and Origin are: no name is looked up, no warning is written.

    按 v0.33.0 的规则，`cross-site` 不论方法和路径都是 403；same-site、none 和没有这个头的接着往下比。
    不管 Host 和 Origin 是什么，都不查询主机名，日志里也没有警告。
    """
    asked: list[str] = []

    def found(host: str, family: Any) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    looking_up(monkeypatch, found)
    cross = {"Sec-Fetch-Site": "cross-site"}
    async with serving(prepare=add_refusal, worker=False) as served:
        for path, method in (("/", "GET"), ("/queue", "GET"), ("/prompt", "POST"), ("/none", "OPTIONS")):
            for site, refused in (
                ("cross-site", True),
                ("same-site", False),
                ("same-origin", False),
                ("none", False),
                (None, False),
            ):
                headers = {"Sec-Fetch-Site": site} if site else {}
                response = await served.client.request(method, path, data=forged.BODY, headers=headers)
                assert (response.status == 403) is refused
                assert not (refused and await response.read())
        unreadable = {"Host": "127.0.0.1:abc", "Origin": OWN}
        lan = {"Host": "192.168.0.5:8188", "Origin": EVIL}
        sandboxed = {"Host": PROXIED["Host"], "Origin": "null"}
        for headers, without in (
            ({"Host": "127.0.0.1:8188", "Origin": OWN}, 200),
            (lan, 200),
            (PROXIED, 200),
            (PROXIED | {"Origin": EVIL}, 403),
            (sandboxed, 200),
            (unreadable, 500),
        ):
            for more, expected in (({}, without), (cross, 403)):
                asked.clear()
                caplog.clear()
                response = await served.client.post("/prompt", data=forged.BODY, headers=headers | more)
                assert response.status == expected
                named = headers["Host"] == PROXIED["Host"] and not more
                assert bool(asked) is named
                assert bool(caplog.records) is (not more and without != 200)


async def test_a_followed_link_says_cross_site_and_a_typed_address_none(chromium: Browser) -> None:
    """Chromium sends `cross-site` with a followed link and a foreign POST, sandboxed or not; typed, `none`.

    A reload of what the link opened says `cross-site` again.

    Chromium 在点开的链接、外站页面的 POST、sandbox 框架的 POST 里写 `cross-site`；直接输入地址写 `none`。
    链接打开的页面再刷新，写的还是 `cross-site`。
    """
    seen: list[str] = []
    third = asyncio.Event()

    async def note(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Sec-Fetch-Site", "-"))
        if len(seen) == 3:
            third.set()
        return await empty_page(request)

    app = web.Application()
    app.router.add_route("*", "/here", note)
    async with TestServer(app) as server, visitor(chromium, (server.host, server.port or 0)) as run:
        await run("fetch('URL/here', {method: 'POST', mode: 'no-cors', body: ''}).then(() => 0)")
        post = "fetch(`URL/here`, {method: `POST`, mode: `no-cors`, body: ``}).then(() => say(1))"
        await run(in_a_sandbox(post))
        link = "const a = document.createElement('a'); a.href = 'URL/here'; a.click()"
        await run(f"(() => {{ {link} }})()")
        await asyncio.wait_for(third.wait(), 15)
    assert seen == ["cross-site"] * 3
    seen.clear()
    async with TestServer(app) as server:
        tab = await chromium.new_page()
        here = str(server.make_url("/here"))
        await tab.goto(here)
        await tab.goto(here.replace("127.0.0.1", "localhost"))
        async with tab.expect_navigation(url=here):
            await tab.evaluate(f"(() => {{ {link.replace('URL/here', here)} }})()")
        await tab.reload()
        await tab.goto(here)  # the same address, entered once more
        await tab.close()
    assert seen == ["none", "none", "cross-site", "cross-site", "none"]


def nginx_lines() -> tuple[str, str, str]:
    """Return what the page has for nginx: the line on Origin, the block for links, the other block."""
    places = ("origin_check", "origin"), ("origin_check", "links"), ("listening", "location")
    folder = Path(__file__).parents[2] / "snippets/server"
    texts = [
        (folder / page / "nginx.conf").read_text("utf-8").split(f"[start:{part}]\n") for page, part in places
    ]
    line, link, rest = (text.partition("# --8<-- [end")[0] for _, text in texts)
    return line, link, rest


@pytest.mark.ours("about nginx")
async def test_nginx_lets_links_in_and_refuses_other_origins(tmp_path: Path) -> None:
    """With the page's lines nginx passes `cross-site` on for `/` without it, elsewhere with it; other Origins are a 403.

    Without the line on Origin a foreign POST is still a 403, but not if the header is taken out of each request.

    nginx 用页面上的几行：只在 `/` 上去掉 `cross-site`；Origin 不是那一个，就返回 403，没有 Origin 的放行。
    没有写 Origin 的那一行，外站的 POST 还是 403；如果每个请求都去掉这个请求头，就放行。
    """  # noqa: E501
    line, link, rest = nginx_lines()
    cross = {"Host": PROXIED["Host"], "Sec-Fetch-Site": "cross-site"}
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade["Sec-WebSocket-Key"] = "MDEyMzQ1Njc4OWFiY2RlZg=="
    async with serving(prepare=add_refusal, worker=False) as served, ClientSession() as session:
        for kept, opened in ((link, 200), (link.replace("proxy_set_header Sec", "# "), 403)):
            text = f"{line}\n{kept}\n{rest}".replace("127.0.0.1:8188", "{}:{}".format(*served.address))
            text = text.replace("{", "{{").replace("}", "}}")
            servers = f"server {{{{ listen 127.0.0.1:{{port}}; {text} }}}}"
            with nginx(tmp_path / str(opened), tmp_path, servers) as address:
                for path, expected in (("", opened), ("queue", 403), ("?a=1", opened), ("index.html", 403)):
                    async with session.get(address + path, headers=cross) as response:
                        assert response.status == expected
                for headers, expected in ((cross, 403), ({"Host": PROXIED["Host"]}, 200)):
                    async with session.post(
                        f"{address}prompt", data=forged.BODY, headers=headers
                    ) as response:
                        assert response.status == expected
                own = PROXIED["Origin"]
                others = EVIL, "null", f"{own}.evil.example", f"{own}:444", own.replace("s:", ":")
                for origin, expected in ((own, 200), ("", 200), *((other, 403) for other in others)):
                    headers = {"Host": PROXIED["Host"]} | ({"Origin": origin} if origin else {})
                    for path in "", "queue":
                        async with session.get(address + path, headers=headers) as response:
                            assert response.status == expected
                    async with session.post(
                        f"{address}prompt", data=forged.BODY, headers=headers
                    ) as response:
                        assert response.status == expected
                    async with session.get(f"{address}ws", headers=headers | upgrade) as response:
                        assert response.status == (101 if expected == 200 else 403)
        for name, text, expected in (
            ("unguarded", f"{link}\n{rest}", 403),
            ("bare", link.replace("location = /", "location /"), 200),
        ):
            text = text.replace("127.0.0.1:8188", "{}:{}".format(*served.address))
            text = text.replace("{", "{{").replace("}", "}}")
            servers = f"server {{{{ listen 127.0.0.1:{{port}}; {text} }}}}"
            with nginx(tmp_path / name, tmp_path, servers) as address:
                headers = cross | {"Origin": EVIL}
                async with session.post(f"{address}prompt", data=forged.BODY, headers=headers) as response:
                    assert response.status == expected


@pytest.mark.ours("the check of v0.33.0")
async def test_a_socket_and_plain_http_carry_no_sec_fetch_site(chromium: Browser) -> None:
    """Chromium sends no `Sec-Fetch-Site` with a WebSocket, nor by http to a host that is not loopback.

    The same holds for a WebSocket to an https site, where a foreign POST says `cross-site`.
    So v0.33.0's rule passes a sandboxed frame's socket, any page's socket to a Host that is not loopback,
    a link to a LAN address, a foreign POST to 0.0.0.0.

    Chromium 的 WebSocket 不带 `Sec-Fetch-Site`；用 http 访问不是回环地址的主机，也不带。
    连到 https 网站的 WebSocket 也不带，而外站页面发到那里的 POST 写着 `cross-site`。
    所以 v0.33.0 的规则放行 sandbox 框架的 WebSocket、外站页面连到非回环 Host 的 WebSocket、
    到局域网地址的链接、外站页面发到 0.0.0.0 的 POST。
    """
    heard: list[str] = []
    sockets: list[str] = []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        said = f"{request.host.partition(':')[0]} {request.headers.get('Sec-Fetch-Site', '-')}"
        if request.path == "/ws":
            sockets.append(said)
            return await handler(request)
        response = await handler(request)
        heard.append(f"{said} {response.status}")
        return response

    def prepare(server: PromptServer) -> None:
        add_refusal(server)
        server.app.middlewares.insert(0, note)
        server.routes.get("/page")(empty_page)

    async with serving(prepare=prepare, worker=False) as served:
        port = served.address[1]
        async with visitor(chromium, served.address) as run:
            listen = "const ws = new WebSocket(`WS_URL/ws`); ws.onerror = () => say(0)"
            listen += "; ws.onmessage = m => say(JSON.parse(m.data).type)"
            assert await run(in_a_sandbox(listen)) == "status"
            for host in ("127.0.0.1", "0.0.0.0"):
                options = f"method: 'POST', mode: 'no-cors', body: {forged.BODY!r}"
                await run(f"fetch('http://{host}:{port}/prompt', {{{options}}}).then(() => 0)")
            assert heard == ["127.0.0.1 cross-site 403", "0.0.0.0 - 200"]
            assert remaining(served) == 1
        rules = "--host-resolver-rules=MAP 192.168.0.5 127.0.0.1, MAP comfy.example 127.0.0.1"
        flags = [*FLAGS, rules, "--ignore-certificate-errors"]
        browser = await chromium.browser_type.launch(executable_path=find_browser(), args=flags)
        tab = await browser.new_page()
        await tab.goto(f"http://localhost:{port}/page")
        socket_there = f"const ws = new WebSocket('ws://192.168.0.5:{port}/ws'); ws.onerror = () => done(0)"
        socket_there += "; ws.onmessage = m => done(JSON.parse(m.data).type)"
        assert await tab.evaluate(f"new Promise(done => {{ {socket_there} }})") == "status"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PAIR)
        seen: list[str] = []

        async def secure(request: web.Request) -> web.StreamResponse:
            seen.append(f"{request.scheme} {request.path} {request.headers.get('Sec-Fetch-Site', '-')}")
            if request.path == "/post":
                return web.Response()
            ws = web.WebSocketResponse()
            await ws.prepare(request)
            await ws.send_json({"type": "status"})
            return ws

        app = web.Application()
        app.router.add_route("*", "/{path}", secure)
        front = TestServer(app)
        await front.start_server(ssl=context)
        there = f"https://comfy.example:{front.port}"
        await tab.evaluate(f"fetch('{there}/post', {{method: 'POST', mode: 'no-cors'}}).then(() => 0)")
        socket_there = socket_there.replace(f"ws://192.168.0.5:{port}", there.replace("http", "ws"))
        assert await tab.evaluate(f"new Promise(done => {{ {socket_there} }})") == "status"
        await front.close()
        assert seen == ["https /post cross-site", "https /ws -"]
        link = f"const a = document.createElement('a'); a.href = 'http://192.168.0.5:{port}/page'; a.click()"
        async with tab.expect_navigation():
            await tab.evaluate(f"(() => {{ {link} }})()")
        await browser.close()
    assert heard[-1] == "192.168.0.5 - 200"
    assert sockets == ["127.0.0.1 -", "192.168.0.5 -"]


@pytest.mark.ours("the repair in the exercise")
async def test_the_strict_check_lets_one_page_in(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The strict check passes one pair of the ten, without Origin only its own name, in any case; no 500, no look-up.

    OPTIONS goes on to the router, which has no route for it: 405, below /internal 404 for an unknown path. Behind a proxy that serves https its own page's requests with an Origin are 403, GET and POST.

    严格的检查十对里只放行一对，没有 Origin 的只放行自己的名字，不分大小写；没有 500，也不查名字。
    OPTIONS 交给路由器，没有这样的路由：405；/internal 下面不存在的路径是 404。代理对外用 https，自己的页面发的带 Origin 的请求，GET 和 POST 都是 403。
    """  # noqa: E501
    await strict.main()
    statuses = [line.split()[2] for line in capsys.readouterr().out.splitlines()]
    assert statuses == ["200", *["403"] * 9, "200", "403"]
    asked: list[str] = []

    def found(host: str, family: Any) -> list[str]:
        asked.append(host)
        return []

    def named(server: PromptServer) -> None:
        server.app.middlewares[1] = strict.create_strict_middleware({"127.0.0.1:8188", "localhost:8188"})

    logging.disable()
    async with serving(prepare=named, worker=False) as served:
        looking_up(monkeypatch, found)
        for host, origin, expected in (
            ("127.0.0.1:8188", None, 200),
            ("evil.example:8188", None, 403),
            ("LocalHost:8188", "http://localhost:8188", 200),
            ("LocalHost:8188", OWN, 403),
            ("localhost:8188", "https://localhost:8188", 403),
            ("evil.example:8188", "http://evil.example:8188", 403),
            ("a..b", OWN, 403),
            ("127.0.0.1:99999", OWN, 403),
            ("127.0.0.1:8188", "http://[::1", 403),
        ):
            headers = {"Host": host} | ({"Origin": origin} if origin else {})
            headers["X-Forwarded-Proto"] = "https"  # as a proxy says it; `request.scheme` stays http
            assert (await served.client.get("/queue", headers=headers)).status == expected
        for page, expected in ((OWN, 200), (OWN.replace("http:", "https:"), 403), (None, 200)):
            headers = {"Host": "127.0.0.1:8188"} | ({"Origin": page} if page else {})
            for method, path in (("GET", "/"), ("POST", "/prompt")):  # a module is a GET with Origin
                response = await served.client.request(method, path, data=forged.BODY, headers=headers)
                assert response.status == expected
        own = {"Host": "127.0.0.1:8188", "Origin": OWN}
        for path, expected in (("/prompt", 405), ("/nowhere", 405), ("/internal/nowhere", 404)):
            assert (await served.client.options(path, headers=own)).status == expected
    assert asked == []
