"""Proofs for the page server/try-it."""

import asyncio
import base64
import json
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from playground.python.memory_loop import memory_network
from snippets.recreation import server as recreation
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, example_prompt, serving
from snippets.server.try_it import session
from snippets.server.try_it.exchange import exchange
from snippets.server.try_it.same_tag import ask
from snippets.server.try_it.session import run_session
from snippets.server.try_it.tracing import trace
from tests.client import trace as log

TOY = example_prompt()
EVIL = ["Origin", "https://evil.example"]
GUARDS = ["cache_control", "origin_only_middleware"]


class Visit:
    """The page's side of a conversation."""

    def __init__(self) -> None:
        self.asked = asyncio.Queue[dict[str, Any]]()
        self.told = asyncio.Queue[dict[str, Any]]()
        self.host = ""

    def do(self, do: str, **words: Any) -> None:
        """Ask for something."""
        self.asked.put_nowait({"do": do, **words})

    def send(self, method: str, path: str, *headers: list[str], body: str = "") -> None:
        """Ask for a request."""
        self.do("send", method=method, path=path, headers=headers, body=body)

    async def hear(self, kind: str) -> dict[str, Any]:
        """Return the next thing told, which must be of this kind."""
        said = await asyncio.wait_for(self.told.get(), 20)
        assert said["kind"] == kind, said
        return said

    async def answer(self, method: str, path: str, *headers: list[str], body: str = "") -> dict[str, Any]:
        """Return what comes of a request."""
        self.send(method, path, *headers, body=body)
        return await self.hear("done")


@asynccontextmanager
async def visiting(*flags: str) -> AsyncIterator[Visit]:
    """Run the conversation of the page; what is told goes through JSON, as it does to the page.

    Args:
        flags: of the server; without `--port` it listens at a free one.
    """
    visit = Visit()
    talking = asyncio.create_task(
        run_session(visit.asked.get, lambda said: visit.told.put_nowait(json.loads(json.dumps(said))), *flags)
    )
    visit.host = (await visit.hear("ready"))["host"]
    yield visit
    visit.asked.put_nowait({})
    await asyncio.wait_for(talking, 20)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "way"),
    [
        ("GET", "/queue", [], "200 OK", [*GUARDS, "get_queue"]),
        ("GET", "/api/queue", [], "200 OK", [*GUARDS, "get_queue"]),
        ("GET", "/internal/logs", [], "200 OK", [*GUARDS, "get_logs"]),
        ("GET", "/", [["If-None-Match", "*"]], "304 Not Modified", [*GUARDS, "get_root"]),
        ("GET", "/none.js", [], "404 Not Found", [*GUARDS, "static files"]),
        ("POST", "/none", [], "405 Method Not Allowed", [*GUARDS, "router"]),
        ("POST", "/internal/none", [], "404 Not Found", [*GUARDS, "router"]),
        ("POST", "/prompt", [], "500 Internal Server Error", [*GUARDS, "post_prompt"]),
        ("POST", "/prompt", [EVIL], "403 Forbidden", GUARDS),
        ("GET", "/app.js", [EVIL], "403 Forbidden", GUARDS),
        ("OPTIONS", "/none", [], "200 OK", GUARDS),
        ("GET", "/queue", [["Expect", "miracles"]], "417 Expectation Failed", []),
        ("GET", "/queue", [["X-Long", "x" * 9000]], "400 Bad Request", []),
    ],
)
async def test_the_way_ends_where_the_request_got(
    method: str, path: str, headers: list[list[str]], status: str, way: list[str]
) -> None:
    """The way names all that a request reached, in order, to the last: a middleware, a handler or the router; refused before, none.

    A script has a `Cache-Control`, refused or missing.

    “经过了”按顺序列出请求到过的每一处，直到最后：中间件、处理函数，或者路由；中间件之前就被拒绝，则是空的。
    脚本的响应带着 `Cache-Control`，被拒绝、不存在都一样。
    """  # noqa: E501
    logging.disable()
    async with visiting() as visit:
        came = await visit.answer(method, path, *headers)
    assert (came["status"], came["way"]) == (status, way)
    assert (["Cache-Control", "no-cache"] in came["headers"]) == (path in ("/none.js", "/app.js", "/"))


async def test_only_a_middleware_outside_logs_what_a_middleware_refuses() -> None:
    """A request that the origin check refuses is logged by a middleware outside it, and by none inside it.

    来源检查拒绝的请求，它外面的中间件记得下来，它里面的记不下来。
    """
    seen: list[str] = []

    def prepare(server: PromptServer) -> None:
        middlewares = server.app.middlewares
        middlewares[:] = [log(seen, "outside"), *middlewares, log(seen, "inside")]

    async with serving(prepare=prepare, worker=False) as (_, client, *_):
        for headers, status in (({}, 200), (dict([EVIL]), 403)):
            assert (await client.get("/queue", headers=headers)).status == status
    assert seen == ["outside>", "inside>", "inside<200", "outside<200", "outside>", "outside<403"]


@pytest.mark.ours("the re-creation")
async def test_the_middlewares_at_work_are_the_re_creations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's server has the re-creation's two middlewares, and a request goes through each of them.

    会话里的服务器用的就是重建的两个中间件，请求经过的正是它们。
    """
    logging.disable()
    served, ran = list[Any](), set[Any]()

    def watched(app: web.Application, traces: list[list[str]]) -> None:
        served.extend(app.middlewares)
        trace(app, traces)

    monkeypatch.setattr(session, "trace", watched)
    async with visiting() as visit:
        sys.setprofile(lambda frame, *_: ran.add(frame.f_code))
        try:
            await visit.answer("GET", "/queue")
        finally:
            sys.setprofile(None)
    codes = [middleware.__code__ for middleware in served]
    ours: list[Any] = [recreation.cache_control, recreation.create_origin_only_middleware()]
    assert codes == [middleware.__code__ for middleware in ours]
    assert set(codes) <= ran


async def test_with_the_flag_another_site_gets_through() -> None:
    """With `--enable-cors-header` the second middleware is `cors_middleware`: another site's POST is a 200.

    带上 `--enable-cors-header`，第二个中间件是 `cors_middleware`：别的网站发 POST，返回 200。
    """
    body = json.dumps({"prompt": SMALL_PROMPT})
    for flags, way, status in (
        ((), GUARDS, "403 Forbidden"),
        (
            ("--enable-cors-header", "https://friend.example"),
            ["cache_control", "cors_middleware", "post_prompt"],
            "200 OK",
        ),
    ):
        async with visiting(*flags) as visit:
            came = await visit.answer("POST", "/prompt", EVIL, body=body)
        assert (came["status"], came["way"]) == (status, way)


@pytest.mark.ours("a faulty extension, for the console")
@pytest.mark.parametrize(
    ("node", "error"), [("Careless", "TypeError("), ("Glass", "OSError('cannot write mode RGBA as JPEG')")]
)
async def test_the_faulty_extension_shows_three_hazards(node: str, error: str) -> None:
    """Either node ends the process, once the response is sent; the script is listed, and is a 404.

    两个节点，用了哪一个，进程都在响应之后结束；脚本列得出来，请求它却是 404。
    """
    logging.disable()
    body = json.dumps({"client_id": "me", "prompt": {"1": {"class_type": node, "inputs": {}}}})
    async with visiting() as visit:
        (script,) = json.loads((await visit.answer("GET", "/extensions"))["text"])
        assert (await visit.answer("GET", script))["status"] == "404 Not Found"
        visit.do("open", name="me")
        visit.send("POST", "/prompt", body=body)
        told = list[dict[str, Any]]()
        while not told or told[-1]["kind"] != "ended":
            told.append(await asyncio.wait_for(visit.told.get(), 20))
    assert [said["status"] for said in told if said.get("do") == "send"] == ["200 OK"]
    assert told[-1]["why"].startswith(error)


@pytest.mark.ours("the client of this page")
async def test_only_the_readers_headers_go_out() -> None:
    """On the wire stand the reader's headers, `Host`, and a body's length; no browser's, no library's.

    真正发出去的，只有读者写的请求头、`Host` 和请求体的长度；没有浏览器的，也没有库的。
    """
    heard = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\nX-Two: 1\r\nx-two: 2\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, ClientSession(f"http://{address}") as client:
        came = await exchange(client, "POST", "/a?b=c", [("X-Mine", "1"), ("X-Mine", "2")], "hi")
        await exchange(client, "GET", "/")
    first = ["POST /a?b=c HTTP/1.1", f"Host: {address}", "X-Mine: 1", "X-Mine: 2", "Content-Length: 2"]
    assert heard[0].decode().split("\r\n")[:-2] == first
    assert heard[1].decode().split("\r\n")[:-2] == ["GET / HTTP/1.1", f"Host: {address}"]
    assert [f"{name}: {value}" for name, value in came["sent"]] == first[1:]
    assert came["headers"] == [("X-Two", "1"), ("x-two", "2")]


@pytest.mark.ours("the client of this page")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"method": "G T"}, "method"),
        ({"method": ""}, "method"),
        ({"path": "queue"}, "path"),
        ({"path": "//evil.example/queue"}, "path"),
        ({"path": "http://evil.example/queue"}, "path"),
        ({"headers": [["Bad Name", "1"]]}, "headers"),
        ({"headers": [["", "1"]]}, "headers"),
        ({"headers": [["X", "1\r\nY: 2"]]}, "headers"),
        ({"headers": [["Content-Length", "a"]], "body": "x"}, "Content-Length"),
        ({"body": "\ud800"}, "utf-8"),
    ],
)
async def test_what_cannot_be_sent_is_told_and_the_next_can(words: dict[str, Any], why: str) -> None:
    """A request that cannot be sent is told with what is wrong; the conversation goes on.

    发不出去的请求，会说出错在哪里；对话接着进行。
    """
    async with visiting() as visit:
        visit.do("send", **{"method": "GET", "path": "/queue", "headers": [], "body": "", **words})
        assert why in (await visit.hear("failed"))["why"]
        assert (await visit.answer("GET", "/queue"))["status"] == "200 OK"


@pytest.mark.ours("the client of this page")
async def test_nothing_ends_the_conversation() -> None:
    """To speak or leave without a socket, or to ask for what there is not, is told; the next request works.

    没有套接字就说话、就断开，或者要一件没有的事，都只是说一声；下一个请求照常。
    """
    async with visiting() as visit:
        for do, words in (("say", {"text": "hello"}), ("close", {}), ("dance", {})):
            visit.do(do, **words)
            assert (await visit.hear("failed"))["do"] == do
        assert (await visit.answer("GET", "/queue"))["status"] == "200 OK"


@pytest.mark.ours("aiohttp")
async def test_a_test_server_listens_on_a_free_port() -> None:
    """A `TestServer` listens on a free port of 127.0.0.1, which any client reaches, and its client asks there.

    `TestServer` 监听 127.0.0.1 的一个空闲端口，任何客户端都连得上，它的客户端也向那里请求。
    """  # noqa: E501
    ports = []

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=request.host)

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestClient(TestServer(app)) as client, ClientSession() as other:
        ports.append(client.port)
        async with other.get(f"http://127.0.0.1:{client.port}/") as response:
            assert await response.text() == await (await client.get("/")).text()
        async with TestServer(web.Application()) as second:
            ports.append(second.port)
    assert len(set(ports) - {0, None, 8188}) == 2


async def test_what_is_said_is_read_and_nothing_else_comes() -> None:
    """What one says into the socket is read, since the ping behind it is answered, and nothing comes of it.

    对套接字说的话，服务器读过了，因为跟在后面的 ping 有回答；除此以外什么也没有。
    """
    async with visiting() as visit:
        visit.do("open", name="me")
        assert (await visit.hear("done"))["way"] == [*GUARDS, "websocket_handler"]
        assert json.loads((await visit.hear("text"))["text"])["data"]["sid"] == "me"
        for text in ("hello", '{"type": "status"}'):
            visit.do("say", text=text)
            assert (await visit.hear("done"))["do"] == "say"
            await visit.hear("read")
        visit.do("close")
        await visit.hear("closed")
        assert (await visit.hear("done"))["do"] == "close"
        assert visit.told.empty()


async def run_toy(visit: Visit) -> list[dict[str, Any]]:
    """Queue the toy under a name that listens; return all that is told until it has run."""
    visit.do("open", name="me")
    visit.send("POST", "/prompt", body=json.dumps({"client_id": "me", "prompt": TOY}))
    told = list[dict[str, Any]]()
    end = {"type": "executing", "node": None}
    while not (told and end == {"type": told[-1].get("type"), "node": told[-1].get("node")}):
        said = await asyncio.wait_for(visit.told.get(), 20)
        if said["kind"] == "text":
            event = json.loads(said["text"])
            said |= {"type": event["type"], "node": event["data"].get("node", "")}
        told.append(said)
    return told


async def test_a_prompt_is_heard_to_its_end_with_pictures() -> None:
    """A queued toy is heard until the node is null, with status and progress; its four previews are pictures.

    提交的玩具 prompt，一直听得到节点为 null，有状态和进度；四张预览图，张张打得开。
    """
    async with visiting() as visit:
        told = await run_toy(visit)
        pictures = [said for said in told if said["kind"] == "picture"]
        assert [(said["event"], said["type"]) for said in pictures] == [(1, 1)] * 4
        shown = [Image.open(BytesIO(base64.b64decode(said["data"]))).format for said in pictures]
        assert shown == ["JPEG"] * 4
        assert [said["status"] for said in told if said.get("do") == "send"] == ["200 OK"]
        assert {"status", "progress"} < {said.get("type") for said in told}
        queue = json.loads((await visit.answer("GET", "/queue"))["text"])
        assert queue == {"queue_running": [], "queue_pending": []}
        came = await visit.answer("GET", "/view?filename=toy_00001_.png")
        assert Image.open(BytesIO(base64.b64decode(came["picture"]))).size == (64, 64)


def test_it_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same conversation runs where sockets are memory only, as in a page; no real one is connected.

    套接字只是内存的地方，同样的对话照样进行，网页里就是这样；真的套接字一个也不连。
    """

    async def talk() -> list[dict[str, Any]]:
        async with visiting("--port", "8188") as visit:
            assert visit.host == "127.0.0.1:8188"
            return await run_toy(visit)

    real = list[object]()
    for name in ("connect", "bind", "listen"):
        monkeypatch.setattr(socket.socket, name, lambda *words: real.append(words))
    with memory_network():
        told = asyncio.run(talk())
    assert [said["kind"] for said in told].count("picture") == 4
    assert not real


async def test_the_front_page_comes_once_for_each_tag(capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for with its own tag, weak or not, the front page is a 304; one letter more is another tag.

    带着首页自己的标签再要一次，加不加 `W/`，都是 304；多一个字母，就是另一个标签。
    """
    async with serving() as (_, client, *_):
        tag = await ask(client, '"none yet"')
        assert tag == await ask(client, tag) == await ask(client, f"W/{tag}")
        await ask(client, tag[:-1] + 'x"')
    page, alone = "200 OK with a page", "304 Not Modified alone"
    assert capsys.readouterr().out.splitlines() == [page, alone, alone, page]
