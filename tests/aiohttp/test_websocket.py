"""Proofs for the page aiohttp/websocket."""

import asyncio
import base64
import contextlib
import hashlib
import inspect
import itertools
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from aiohttp import (
    ClientConnectionResetError,
    ClientSession,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.aiohttp.websocket import (
    echo,
    ends,
    fails,
    handshake,
    heartbeat,
    kinds,
    returned,
    work_in_handler,
    work_in_task,
)
from snippets.aiohttp.websocket.handshake import UPGRADE
from tests.client import ask, fill
from tools.model import ROOT

with contextlib.suppress(ModuleNotFoundError):  # in a web page, where other proofs of this file run
    from tests.site.nginx import nginx

HELLO = b"\x81\x05hello"  # a text frame as a server sends it, without a mask
PING, PONG = b"\x89\x02hi", b"\x8a\x02hi"
HOP_BY_HOP = {"connection", "upgrade", "keep-alive", "te", "trailer"}
GOODBYE = b"\x88\x02" + (4000).to_bytes(2, "big")


def build_app(handler: Handler, *middlewares: Any) -> web.Application:
    """Return an application with one handler, for every method."""
    app = web.Application(middlewares=middlewares)
    app.router.add_route("*", "/", handler)
    return app


@asynccontextmanager
async def open_by_hand(
    handler: Handler, upgrade: Mapping[str, str] = UPGRADE
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve one handler, do the WebSocket handshake, and yield the connection for raw frames."""
    runner = web.AppRunner(build_app(handler))  # no handler is cancelled; TestServer always cancels it
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0])
    headers = [f"{name}: {value}" for name, value in upgrade.items()]
    writer.write("\r\n".join(["GET / HTTP/1.1", "Host: localhost", *headers, "", ""]).encode())
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader, writer
    finally:
        writer.close()
        await runner.cleanup()


async def page(request: web.Request) -> web.Response:
    """Answer like any page."""
    return web.Response(text="page")


async def read_until_pending(task: asyncio.Task[Any], app: web.Application) -> None:
    """Let the server answer another client; the task must still be waiting then."""
    assert (await ask(app)).status == 404
    assert not task.done()


async def lines_of(capsys: pytest.CaptureFixture[str], main: Any) -> list[str]:
    """Run a snippet; return the lines that it printed."""
    await asyncio.wait_for(main(), 20)
    return capsys.readouterr().out.splitlines()


def accept(key: str) -> str:
    """Return the Sec-WebSocket-Accept for a key, by RFC 6455 §4.2.2."""
    digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
    return base64.b64encode(digest).decode()


async def test_the_answer_is_a_hash_of_the_key() -> None:
    """The server answers the sample key of RFC 6455 as the RFC does: with a hash of it and a public constant; so another.

    对 RFC 6455 里的示例密钥，服务器的答复与 RFC 相同：密钥加一个公开的常量，取哈希；换一个密钥也是这样。
    """  # noqa: E501
    key = UPGRADE["Sec-WebSocket-Key"]
    assert accept(key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    async with TestServer(handshake.build_app()) as server:
        for sent in (key, "MDEyMzQ1Njc4OWFiY2RlZg=="):
            head = await handshake.ask(server.port or 0, "GET", {**UPGRADE, "Sec-WebSocket-Key": sent})
            assert head[0] == "HTTP/1.1 101 Switching Protocols"
            assert f"Sec-WebSocket-Accept: {accept(sent)}" in head


def listening(seen: list[str], answered: asyncio.Event) -> Handler:
    """Return a handler that notes what `prepare` raises, or that it went on; then it waits for the event."""

    async def listen(request: web.Request) -> web.WebSocketResponse:
        try:
            await (ws := web.WebSocketResponse()).prepare(request)
        except web.HTTPException as error:
            seen.append(type(error).__name__)
            raise
        seen.append("went on")
        await asyncio.wait_for(answered.wait(), 10)
        return ws

    return listen


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_without_an_upgrade_prepare_raises_a_400(
    method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`prepare` answers an upgrade with 101; without its headers it raises a 400, and the handler stops.

    有升级的头部，`prepare` 立即返回 101；没有，它就抛异常：返回 400，处理函数到此为止。
    """
    seen, answered = list[str](), asyncio.Event()
    async with TestServer(build_app(listening(seen, answered))) as server:
        head = await handshake.ask(server.port or 0, method, {})
        upgraded = await handshake.ask(server.port or 0, method, UPGRADE)
        answered.set()  # only now the handler goes on
    assert head == ["HTTP/1.1 400 Bad Request"]
    assert upgraded[0] == "HTTP/1.1 101 Switching Protocols"
    assert seen == ["HTTPBadRequest", "went on"]
    lines = await lines_of(capsys, handshake.main)
    assert f"{method} without: HTTP/1.1 400 Bad Request" in lines


@pytest.mark.parametrize("name", UPGRADE)
async def test_each_of_the_four_headers_is_needed(name: str) -> None:
    """Leave out any of the four headers: `prepare` raises a 400, and the handler goes no further.

    四个头部少了哪一个，`prepare` 都抛异常，答复是 400，处理函数到此为止。
    """
    seen, answered = list[str](), asyncio.Event()
    answered.set()
    assert set(UPGRADE) == {"Connection", "Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key"}
    async with TestServer(handshake.build_app()) as server:
        assert (await handshake.ask(server.port or 0, "GET", UPGRADE))[0].startswith("HTTP/1.1 101 ")
        headers = {key: value for key, value in UPGRADE.items() if key != name}
        assert (await handshake.ask(server.port or 0, "GET", headers))[0] == "HTTP/1.1 400 Bad Request"
    async with TestClient(TestServer(handshake.build_app())) as client, client.ws_connect("/") as ws:
        await ws.send_str("with all four it is received")
        await ws.close()
        assert ws.close_code == 1000
    async with TestServer(build_app(listening(seen, answered))) as server:
        assert (await handshake.ask(server.port or 0, "GET", headers))[0] == "HTTP/1.1 400 Bad Request"
        assert seen == ["HTTPBadRequest"]
        assert (await handshake.ask(server.port or 0, "GET", UPGRADE))[0].startswith("HTTP/1.1 101 ")
    assert seen == ["HTTPBadRequest", "went on"]


async def test_each_missing_header_has_its_own_message() -> None:
    """The body of the 400 names the header that is missing, in aiohttp's words.

    400 的正文是 aiohttp 自己的说法，指出少了哪个头部。
    """
    async with TestClient(TestServer(handshake.build_app())) as client:
        texts = {}
        for name in UPGRADE:
            headers = {key: value for key, value in UPGRADE.items() if key != name}
            async with client.get("/", headers=headers) as response:
                texts[name] = await response.text()
    assert texts == {
        "Connection": "No CONNECTION upgrade hdr: None",
        "Upgrade": 'No WebSocket UPGRADE hdr: None\n Can "Upgrade" only to "WebSocket".',
        "Sec-WebSocket-Version": "Unsupported version: ",
        "Sec-WebSocket-Key": "Handshake error: None",
    }


async def test_a_middleware_may_refuse_a_handshake() -> None:
    """A middleware that answers 403 keeps the socket from opening, and the client learns the status.

    中间件回返回 403，套接字就打不开；客户端看得到这个状态码。
    """

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=403)

    async with TestClient(TestServer(build_app(handshake.listen, refuse))) as client:
        with pytest.raises(WSServerHandshakeError) as caught:
            await client.ws_connect("/")
    assert caught.value.status == 403


async def test_a_proxy_that_drops_the_upgrade_gets_a_400() -> None:
    """A proxy that forwards all headers but those of its own hop turns a WebSocket into a 400.

    代理转发了所有头部，唯独不转属于自己这一跳的，WebSocket 就成了 400。
    """

    async def forward(request: web.Request) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with (
            ClientSession() as session,
            session.get(target.make_url(request.path), headers=headers) as response,
        ):
            texts.append(await response.text())
            return web.Response(status=response.status)

    texts: list[str] = []
    behind, proxy = web.Application(), web.Application()
    behind.router.add_get("/page", page)
    behind.router.add_get("/", handshake.listen)
    proxy.router.add_get("/{any:.*}", forward)
    async with TestServer(behind) as target, TestClient(TestServer(proxy)) as client:
        assert (await client.get("/page")).status == 200
        with pytest.raises(WSServerHandshakeError) as caught:
            await client.ws_connect("/")
        async with ClientSession() as session, session.ws_connect(target.make_url("/")):
            pass  # without the proxy it opens
    assert caught.value.status == 400
    assert texts[0] == "page"
    assert texts[1].startswith("No WebSocket UPGRADE hdr")


def noting(received: list[tuple[WSMsgType, object]], **options: Any) -> Handler:
    """Return a handler that reads to the end, and notes each message."""

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(**options)).prepare(request)
        received.extend([(message.type, message.data) async for message in ws])
        return ws

    return listen


async def test_text_comes_as_str_and_bytes_as_bytes() -> None:
    """By default a text message carries a str, a binary one bytes, JSON is text; `async for` calls `receive` for each.

    默认情况下，文本消息里是 str，二进制消息里是 bytes，JSON 是文本；`async for` 每次都调用 `receive`。
    """  # noqa: E501
    received: list[tuple[WSMsgType, object]] = []
    receive = web.WebSocketResponse.receive
    with patch.object(web.WebSocketResponse, "receive", autospec=True, side_effect=receive) as taking:
        async with TestClient(TestServer(build_app(noting(received)))) as client:
            await kinds.send_all(await client.ws_connect("/"))
        assert taking.call_count == 4  # three messages, and the close frame after the ping
        assert received == [
            (WSMsgType.TEXT, "hi"),
            (WSMsgType.BINARY, b"\x01"),
            (WSMsgType.TEXT, '{"type": "hi"}'),
        ]


@pytest.mark.parametrize("autoping", [True, False])
async def test_a_ping_is_answered_unseen(autoping: bool) -> None:
    """A ping does not reach the loop, but the client gets its pong; with `autoping=False` it is the reverse.

    ping 不进循环，客户端却收得到 pong；`autoping=False` 则正好相反。
    """
    received: list[WSMsgType] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(autoping=autoping)).prepare(request)
        received.extend([message.type async for message in ws])
        return ws

    async with open_by_hand(listen) as (reader, writer):
        writer.write(PING + GOODBYE)
        sent = await reader.read()
    assert sent == (PONG if autoping else b"") + b"\x88\x02" + (1000).to_bytes(2, "big")
    assert received == ([] if autoping else [WSMsgType.PING])


async def test_a_client_sees_a_pong_only_without_autoping() -> None:
    """With `autoping`, the default, aiohttp's client keeps a pong to itself; with `autoping=False` it is received.

    默认打开 `autoping`，aiohttp 的客户端不把 pong 交给程序；`autoping=False` 就收得到。
    """  # noqa: E501
    async with TestClient(TestServer(build_app(echo.echo))) as client:
        cases: tuple[tuple[dict[str, Any], list[WSMsgType]], ...] = (
            ({}, [WSMsgType.TEXT]),
            ({"autoping": False}, [WSMsgType.PONG, WSMsgType.TEXT]),
        )
        for options, kinds_seen in cases:
            ws = await client.ws_connect("/", **options)
            await ws.ping()
            await ws.send_bytes(b"not answered")
            await ws.send_str("there and")
            seen = [(await ws.receive(timeout=10)).type for _ in kinds_seen]
            assert seen == kinds_seen
            await ws.close()


async def test_who_closes_does_not_note_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    """The other side notes the 4000; who closed notes 1000. Either way the loop ends without a message.

    对方记下 4000，先关的一方记下的却是 1000；无论谁先关，循环都不给出消息就结束。
    """
    lines = await lines_of(capsys, ends.main)
    assert [line.split() for line in lines[1:3]] == [
        ["client", "closes", "-", "4000", "1000"],
        ["server", "closes", "-", "1000", "4000"],
    ]


def reader_to(end: asyncio.Future[list[object]]) -> Handler:
    """Return a handler that reads to the end, and tells which kinds of messages came, and the last code."""

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        types: list[object] = [message.type async for message in ws]
        end.set_result([*types, ws.close_code])
        return ws

    return listen


async def test_a_bad_message_is_the_last_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Too big or not UTF-8: the loop gets one ERROR and ends; the client is told why, the server notes 1006.

    太大，或者不是 UTF-8：循环拿到一条 ERROR 就结束；客户端知道原因，服务器记下的是 1006。
    """
    lines = await lines_of(capsys, ends.main)
    assert [line.split()[-3:] for line in lines[3:5]] == [
        ["ERROR", "1006", "1009"],
        ["ERROR", "1006", "1007"],
    ]
    end: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
    async with open_by_hand(reader_to(end)) as (reader, writer):
        writer.write(b"\x81\x01\xff" + GOODBYE)
        assert await reader.read() == b"\x88\x02" + (1007).to_bytes(2, "big")
        assert await end == [WSMsgType.ERROR, 1006]


@pytest.mark.parametrize("way", ["shut down", "reset", "within a frame", "within a message"])
async def test_a_cut_connection_gives_no_error(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    """When the connection is cut, the loop ends without an ERROR message, with 1006 on both sides.

    连接断了，循环里没有 ERROR 消息，自己就结束；两边都是 1006。
    """
    end: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
    async with open_by_hand(reader_to(end)) as (_, writer):
        connection = writer.get_extra_info("socket")
        writer.write(HELLO)
        if way == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way == "within a frame":
            writer.write(HELLO[:4])
        elif way == "within a message":
            writer.write(b"\x01\x02he")  # no last frame
        writer.transport.abort() if way == "reset" else writer.close()
        *types, code = await asyncio.wait_for(end, 10)
    assert code == 1006
    assert types == [WSMsgType.TEXT] or (types == [] and way == "reset")  # a reset may overtake the text
    lines = await lines_of(capsys, ends.main)
    assert lines[5].split() == ["lost", "-", "1006", "1006"]


async def test_close_waits_for_the_answer_but_not_for_ever() -> None:
    """`close` waits for the other side's close frame up to `timeout`, then notes 1006; once more is False. For a full buffer it waits first, unless `drain=False`.

    `close` 等对方的关闭帧，等到 `timeout` 为止，然后记下 1006；再调用一次得到 False。缓冲区满了要先等，写 `drain=False` 就不等。
    """  # noqa: E501
    ends_with: list[object] = []
    app, loop, waits = web.Application(), asyncio.get_running_loop(), list[float]()

    async def leave(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(timeout=60 if answered else 1)
        await ws.prepare(request)
        start = loop.time()
        closing = asyncio.create_task(ws.close(code=4000))
        if answered:
            await read_until_pending(closing, app)
            goodbye.set()
        ends_with.extend([await closing, await ws.close(code=4000), ws.close_code])
        waits.append(loop.time() - start)
        ended.set()
        return ws

    for answered in (True, False):
        goodbye, ended = asyncio.Event(), asyncio.Event()
        async with open_by_hand(leave) as (reader, writer):
            assert await reader.readexactly(4) == GOODBYE
            if answered:
                await asyncio.wait_for(goodbye.wait(), 10)
                writer.write(b"\x88\x02" + (4001).to_bytes(2, "big"))
            for _ in range(30):
                if not answered and not ended.is_set():
                    writer.write(HELLO)  # no answer to the close frame
                    await asyncio.sleep(0.1)
            await asyncio.wait_for(ended.wait(), 10)
    assert ends_with == [True, False, 4001, True, False, 1006]
    assert 0.9 < waits[1] < 1.9

    async def leave_full(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(timeout=0.2)).prepare(request)
        full = await fill(ws)
        drain = not ends_with
        closing = asyncio.create_task(ws.close(drain=drain))
        await asyncio.wait([closing], timeout=1.5 if drain else 30)
        ends_with.append(closing.done())
        ended.set()
        await asyncio.gather(closing, full, return_exceptions=True)
        return ws

    ends_with.clear()
    for _ in range(2):
        ended = asyncio.Event()
        async with open_by_hand(leave_full):
            await asyncio.wait_for(ended.wait(), 60)
    assert ends_with == [False, True]
    assert inspect.signature(web.WebSocketResponse).parameters["timeout"].default == 10


@pytest.mark.parametrize("code", [None, 1000, 1001, 1008, 1011, 3000, 4000, 4999, 999, 1005, 2999])
@pytest.mark.parametrize("reason", [b"", b"bye"])
async def test_every_goodbye_is_answered_with_1000(code: int | None, reason: bytes) -> None:
    """The close frame that answers a valid goodbye carries 1000, whatever that said; an invalid code gets a 1002.

    对方的关闭帧只要合法，不管里面是什么代码，回的关闭帧里都是 1000；代码不合法，回的是 1002。
    """  # noqa: E501
    async with open_by_hand(handshake.listen) as (reader, writer):
        why = code.to_bytes(2, "big") + reason if code else b""
        writer.write(b"\x88" + bytes([len(why)]) + why)
        answer = await reader.read()
    assert answer[:2] == b"\x88" + bytes([len(answer) - 2])
    assert int.from_bytes(answer[2:4], "big") == (1002 if code in (999, 1005, 2999) else 1000)


@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [("return-ws", WSMsgType.CLOSE, 1000), ("raise-error", WSMsgType.CLOSED, 1006)],
)
async def test_the_end_of_the_handler_closes_the_socket(path: str, kind: WSMsgType, code: int) -> None:
    """When the handler returns its socket the client gets a close frame with 1000; when it raises, a cut.

    处理函数返回套接字，客户端收到代码 1000 的关闭帧；抛异常，连接直接断开。
    """
    async with TestClient(TestServer(returned.build_app())) as client:
        ws = await client.ws_connect(f"/{path}")
        assert (await ws.receive()).type is kind
        assert ws.close_code == code

    async def leave(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(timeout=0.2)).prepare(request)
        if path == "return-ws":
            return ws
        raise KeyError

    async with open_by_hand(leave) as (reader, _):  # a client that does not answer the close frame
        sent = await asyncio.wait_for(reader.read(), 10)
    assert sent == (b"\x88\x02" + code.to_bytes(2, "big") if path == "return-ws" else b"")


@pytest.mark.parametrize("path", ["return-response", "raise-404"])
async def test_an_http_answer_after_the_handshake_is_a_protocol_error(path: str) -> None:
    """A Response returned or a 404 raised while the socket is open goes into it as HTTP: code 1002; once it is closed, not.

    套接字还开着时返回 Response 或抛出 404，HTTP 文本会写进去：代码 1002；已经关闭就不会。
    """  # noqa: E501
    async with TestClient(TestServer(returned.build_app())) as client:
        ws = await client.ws_connect(f"/{path}")
        assert (await ws.receive()).type is WSMsgType.ERROR
        assert ws.close_code == 1002

    async def respond(request: web.Request) -> web.Response:
        await (ws := web.WebSocketResponse()).prepare(request)
        if closed:
            await ws.receive()
            assert ws.closed
        if path == "raise-404":
            raise web.HTTPNotFound
        return web.Response(text="goodbye")

    closed = False
    async with open_by_hand(respond) as (reader, _):
        first = b"HTTP/1.1 404 Not Found" if path == "raise-404" else b"HTTP/1.1 200 OK"
        assert (await reader.readline()).startswith(first)
    closed = True
    async with open_by_hand(respond) as (reader, writer):
        writer.write(GOODBYE)
        assert await asyncio.wait_for(reader.read(), 10) == b"\x88\x02" + (1000).to_bytes(2, "big")


OTHER_ENDS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "a str": lambda: "goodbye",
    "another socket": web.WebSocketResponse,
    "a stream": web.StreamResponse,
    "JSON": lambda: web.json_response({}),
    "a redirect": lambda: web.HTTPFound("/"),
    "a timeout": TimeoutError,
    "a cancellation": asyncio.CancelledError,
}


@pytest.mark.parametrize("name", OTHER_ENDS)
async def test_any_other_end_is_http_or_a_cut(name: str) -> None:
    """Eight other ends of a handler write HTTP into the socket or cut it; none sends a close frame.

    处理函数的另外八种结束方式，要么把 HTTP 写进连接，要么断开；没有一种发关闭帧。
    """

    async def leave(request: web.Request) -> Any:
        await web.WebSocketResponse().prepare(request)
        if isinstance(end := OTHER_ENDS[name](), BaseException):
            raise end
        return end

    async with open_by_hand(leave) as (reader, _):
        line = await asyncio.wait_for(reader.readline(), 10)
    assert line == b"" or line.startswith(b"HTTP/1.1 ")


SILENT: dict[str, dict[str, Any]] = {
    "none": {},
    "timeout": {"timeout": 0.1},
    "autoclose": {"autoclose": False},
    "autoping": {"autoping": False},
    "protocols": {"protocols": ("a",)},
    "compress": {"compress": False},
    "max_msg_size": {"max_msg_size": 1},
    "writer_limit": {"writer_limit": 1},
    "decode_text": {"decode_text": False},
    "receive_timeout": {"receive_timeout": 0.6},
    "heartbeat": {"heartbeat": 0.2},
}


@pytest.mark.parametrize("option", SILENT)
async def test_two_options_notice_a_silent_client(option: str) -> None:
    """A silent client is pinged and cut off by `heartbeat`, cut off by `receive_timeout`, once no whole message has come in time, be it text, ping or pong; else left alone.

    A client that answers the pings of a shorter `heartbeat` is not cut off by `receive_timeout`.

    客户端一声不响：有 `heartbeat` 就先 ping 再断开，有 `receive_timeout`，从最后一条完整的消息算起（文本、ping、pong 都算），到时就断开，此外都不管。
    如果还有更短的 `heartbeat`，客户端回复 ping，就不会断开。
    """  # noqa: E501
    assert SILENT.keys() - {"none"} == inspect.signature(web.WebSocketResponse).parameters.keys()
    received: list[object] = []
    reading = asyncio.Event()

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(**SILENT[option])).prepare(request)
        try:
            reading.set()
            async for message in ws:
                received.append(message.type)
        except TimeoutError:
            received.append("TimeoutError")
        return ws

    async with open_by_hand(listen) as (reader, writer):
        await asyncio.wait_for(reading.wait(), 10)
        first = asyncio.create_task(reader.read(2))
        if option == "heartbeat":
            assert await asyncio.wait_for(first, 10) == b"\x89\x00"  # a ping
            assert await asyncio.wait_for(reader.read(), 10) == b""
            assert received == [WSMsgType.ERROR]
        elif option == "receive_timeout":
            for _ in range(8):
                writer.write(HELLO)
                await asyncio.sleep(0.1)
            start = asyncio.get_running_loop().time()
            assert await asyncio.wait_for(first, 10) == b"\x88\x02"  # a close frame
            assert asyncio.get_running_loop().time() - start < 1.1
            assert received == [*[WSMsgType.TEXT] * 8, "TimeoutError"]
        else:
            async with open_by_hand(heartbeat_of(0.5)) as (other, _):
                assert await asyncio.wait_for(other.read(), 10) == b"\x89\x00"  # pinged and cut off meanwhile
            assert (first.done(), received) == (False, [])
            writer.write(GOODBYE)
            assert await asyncio.wait_for(first, 10) == b"\x88\x02"
            assert received == []
    if option == "receive_timeout":
        # something every 0.1 seconds: the bytes of one long frame, empty pings, empty pongs
        for data, size, ends in (
            (b"\x81\x32" + b"x" * 10, 1, ["TimeoutError"]),
            (b"\x89\x00" * 12, 2, []),
            (b"\x8a\x00" * 12, 2, []),
        ):
            received.clear()
            async with open_by_hand(listen) as (_, writer):
                for start_of in range(0, len(data), size):
                    writer.write(data[start_of : start_of + size])
                    await asyncio.sleep(0.1)
                assert received == ends
        for beat in (None, 0.2):
            kinds_seen: list[tuple[WSMsgType, object]] = []
            timed = noting(kinds_seen, receive_timeout=0.6, heartbeat=beat)
            async with TestClient(TestServer(build_app(timed))) as client:
                ws = await client.ws_connect("/")  # answers each ping, and says nothing
                waiting = asyncio.create_task(ws.receive())
                await asyncio.wait([waiting], timeout=1.5)
                assert waiting.done() == (beat is None)
                await ws.close()


def heartbeat_of(seconds: float) -> Handler:
    """Return a handler that reads to the end, with a heartbeat."""

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(heartbeat=seconds)).prepare(request)
        async for _ in ws:
            pass
        return ws

    return listen


async def test_a_heartbeat_asks_again_and_again() -> None:
    """A client that answers is pinged every `heartbeat` seconds; one that does not is cut off after half, with an ERROR for a loop that waits.

    有回应的客户端，每隔 `heartbeat` 秒收到一个 ping；没有回应的，过了一半时间就断开，正在等消息的循环得到 ERROR。
    """  # noqa: E501
    loop, received = asyncio.get_running_loop(), list[tuple[WSMsgType, object]]()
    async with open_by_hand(noting(received, heartbeat=2)) as (reader, writer):
        times = [loop.time()]
        for answered in (True, True, False):
            assert await asyncio.wait_for(reader.readexactly(2), 10) == b"\x89\x00"
            times.append(loop.time())
            if answered:
                writer.write(b"\x8a\x00")
        assert await asyncio.wait_for(reader.read(), 10) == b""
        times.append(loop.time())
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert [1.6 < wait < 4 for wait in waits[:3]] == [True] * 3
    assert 0.5 < waits[3] < 1.9
    assert [kind for kind, _ in received] == [WSMsgType.ERROR]

    async def busy(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(heartbeat=0.2)).prepare(request)
        async for message in ws:
            kinds_seen.append(message.type)
            await cut.wait()
        ended.set()
        return ws

    kinds_seen: list[WSMsgType] = []
    cut, ended = asyncio.Event(), asyncio.Event()
    async with open_by_hand(busy) as (reader, writer):
        writer.write(HELLO)
        assert await asyncio.wait_for(reader.read(), 10) == b"\x89\x00"  # the ping, then the end
        cut.set()
        await asyncio.wait_for(ended.wait(), 10)
    assert kinds_seen == [WSMsgType.TEXT]  # no ERROR for a loop that did not wait


async def test_data_puts_a_heartbeat_off() -> None:
    """While data comes in no ping is sent, and any data after a ping keeps the connection open, even if it is not read.

    有数据进来就不发 ping；ping 之后来的不管是什么数据，处理函数没有读，也会让连接继续。
    """  # noqa: E501
    async with open_by_hand(heartbeat_of(1)) as (reader, writer):
        ping = asyncio.create_task(reader.readexactly(2))
        kinds_of_data = (HELLO, b"\x82\x01x", b"\x8a\x00", b"\x01\x01x", b"\x80\x01x")
        for data in kinds_of_data * 4:  # text, binary, pong, the first half of a text, its second half
            writer.write(data)
            await asyncio.sleep(0.1)
        assert not ping.done()
        for data in kinds_of_data:
            assert await asyncio.wait_for(ping, 10) == b"\x89\x00"
            writer.write(data)
            ping = asyncio.create_task(reader.readexactly(2))
        assert await asyncio.wait_for(ping, 10) == b"\x89\x00"

    async def work(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(heartbeat=1)).prepare(request)
        await done.wait()
        noticed.append(ws.closed)
        return ws

    noticed: list[bool] = []
    done = asyncio.Event()
    async with open_by_hand(work) as (reader, writer):  # a handler that does not read
        for data in (b"\x8a\x00", HELLO):
            assert await asyncio.wait_for(reader.readexactly(2), 10) == b"\x89\x00"
            writer.write(data)
        assert await asyncio.wait_for(reader.readexactly(2), 10) == b"\x89\x00"
        done.set()
        assert await asyncio.wait_for(reader.readexactly(2), 10) == b"\x88\x02"  # its end
    assert noticed == [False]


@pytest.mark.parametrize("messages", [1, 20])
async def test_a_full_queue_and_a_heartbeat_cut_a_healthy_client_off(messages: int) -> None:
    """If the handler does not read, and 20 messages of 60,000 bytes are waiting, aiohttp stops reading, and the heartbeat cuts off a client that answers each ping; with one message it does not.

    处理函数不读：积压 20 条 60000 字节的消息，aiohttp 就停止读取，心跳断开每个 ping 都回复的客户端；只有一条，就不断开。
    """  # noqa: E501
    reading, done = list[bool](), asyncio.Event()

    async def work(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(heartbeat=1)).prepare(request)
        assert request.transport
        await asyncio.sleep(0.8)
        reading.append(request.transport.is_reading())
        await done.wait()
        return ws

    async with open_by_hand(work) as (reader, writer):
        writer.write((b"\x82\x7e" + (60000).to_bytes(2, "big") + bytes(60000)) * messages)
        cut, pings = False, 0
        while not cut and pings < 3:
            try:
                cut = await asyncio.wait_for(reader.readexactly(2), 10) != b"\x89\x00"
                pings += 1
                writer.write(b"\x8a\x00")
            except (ConnectionError, asyncio.IncompleteReadError):
                cut = True
        done.set()
    assert (reading, cut) == ([messages == 1], messages == 20)


async def test_tcp_keep_alive_is_on() -> None:
    """Aiohttp switches TCP keep-alive on for the connection of a WebSocket, and leaves its times as the system has them.

    aiohttp 给 WebSocket 的连接打开了 TCP keep-alive，没有改动系统的时间。
    """  # noqa: E501
    options: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    names = [name for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT") if hasattr(socket, name)]
    times: list[list[int]] = []

    def note_times(connection: Any) -> None:
        times.append([connection.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names])

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        connection = ws.get_extra_info("socket")
        note_times(connection)
        options.set_result(connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
        return ws

    async with open_by_hand(listen) as (_, writer):
        assert await options == 1
        writer.write(GOODBYE)
    with socket.socket() as plain:
        assert plain.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0
        note_times(plain)
    assert times[0] == times[1]


async def test_a_silent_client_gets_one_ping(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a heartbeat the client is still connected after a second; with one it is pinged, then cut off.

    没有心跳，一秒之后客户端还连着；有心跳，先收到 ping，随后断开。
    """
    lines = [line.strip() for line in await lines_of(capsys, heartbeat.main)]
    assert lines == [
        "/",
        "closed: False",
        "/beat",
        "client: PING",
        "server: No PONG received after 0.1 seconds, 1006",
        "closed: True",
    ]


async def test_who_does_not_read_sends_on_after_a_close_frame() -> None:
    """Without reading, sending succeeds after the client's close frame; the frame is answered once the handler takes it.

    After the end of the TCP connection sending raises ClientConnectionResetError, and `closed` is still False.

    处理函数不读，客户端发了关闭帧之后，发送照样成功；处理函数取出关闭帧，才有回复。
    TCP 连接断开之后，发送抛出 ClientConnectionResetError，`closed` 仍是 False。
    """  # noqa: E501
    closing, sent, read = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await closing.wait()
        await ws.send_str("hello")
        assert (ws.closed, request.transport is None) == (False, False)
        sent.set()
        await read.wait()
        assert (await ws.receive()).type is WSMsgType.TEXT
        await ws.send_str("hello")
        assert (await ws.receive()).type is WSMsgType.CLOSE
        return ws

    async with open_by_hand(send) as (reader, writer):
        writer.write(HELLO + GOODBYE)
        assert (await ask(web.Application())).status == 404  # by now the server has the frame
        closing.set()
        await asyncio.wait_for(sent.wait(), 10)
        assert await reader.readexactly(len(HELLO)) == HELLO
        read.set()
        assert await reader.read() == HELLO + b"\x88\x02" + (1000).to_bytes(2, "big")
    raised: asyncio.Future[tuple[type[Exception], bool]] = asyncio.get_running_loop().create_future()

    async def send_on(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        try:
            while True:
                await ws.send_str("hello")
                await asyncio.sleep(0.01)
        except Exception as error:
            raised.set_result((type(error), ws.closed))
        return ws

    async with open_by_hand(send_on) as (_, writer):
        writer.close()
        assert await asyncio.wait_for(raised, 10) == (ClientConnectionResetError, False)


async def test_the_default_limit_is_four_mebibytes_on_both_sides() -> None:
    """Without `max_msg_size` server and client refuse 4 MiB and more; the server as soon as the header announces them.

    不写 `max_msg_size`，4 MiB 和更大的消息，服务器和客户端都不收；头部一报出这个长度，服务器就已经拒绝。
    """  # noqa: E501
    received: list[tuple[WSMsgType, object]] = []

    async def send(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        for size in (2**22 - 1, refused):
            await ws.send_bytes(bytes(size))
        return ws

    async def announce(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        assert request.transport
        request.transport.write(b"\x82\x7f" + (2**22).to_bytes(8, "big"))  # a header
        told.append((await ws.receive()).data)
        return ws

    told: list[object] = []
    async with TestClient(TestServer(build_app(announce))) as client:
        assert (await (await client.ws_connect("/")).receive()).type is WSMsgType.ERROR
    assert told == [1009]  # the client's close frame
    for refused in (2**22, 2**22 + 1, 2**23):
        async with TestClient(TestServer(build_app(send))) as client:
            ws = await client.ws_connect("/")
            assert [(await ws.receive()).type for _ in range(2)] == [WSMsgType.BINARY, WSMsgType.ERROR]
            assert ws.close_code == 1009
        async with open_by_hand(noting(received)) as (reader, writer):
            header = b"\x82\x7f"
            writer.write(header + (2**22 - 1).to_bytes(8, "big") + bytes(2**22 - 1))
            writer.write(header + refused.to_bytes(8, "big"))
            assert await reader.readexactly(4) == b"\x88\x02" + (1009).to_bytes(2, "big")
    assert [kind for kind, _ in received] == [WSMsgType.BINARY, WSMsgType.ERROR] * 3
    received.clear()
    async with open_by_hand(noting(received)) as (reader, writer):  # text
        writer.write(b"\x81\x7f" + (2**22 - 1).to_bytes(8, "big") + b"x" * (2**22 - 1))
        writer.write(b"\x81\x7f" + (2**22).to_bytes(8, "big"))
        assert await reader.readexactly(4) == b"\x88\x02" + (1009).to_bytes(2, "big")
    assert [kind for kind, _ in received] == [WSMsgType.TEXT, WSMsgType.ERROR]
    async with open_by_hand(noting(received)) as (reader, writer):
        for first in (b"\x02", b"\x80"):  # two halves of one message
            writer.write(first + b"\x7f" + (2**21).to_bytes(8, "big") + bytes(2**21))
        assert await reader.readexactly(4) == b"\x88\x02" + (1009).to_bytes(2, "big")


async def test_who_still_sends_a_refused_message_may_see_1006() -> None:
    """A client that sends 64 MiB to a server with the default limit may get `Connection lost`, and note 1006.

    服务器用默认的上限，客户端发送 64 MiB：可能还没发完就得到 `Connection lost`，记下的是 1006。
    """
    seen: list[object] = []
    for _ in range(10):
        end: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
        async with TestClient(TestServer(build_app(reader_to(end)))) as client:
            ws = await client.ws_connect("/")
            try:
                await ws.send_bytes(bytes(2**26))
            except ConnectionError as error:
                await ws.receive()
                seen = [str(error), ws.close_code]
            assert await end == [WSMsgType.ERROR, 1006]
        if seen:
            break
    assert seen == ["Connection lost", 1006]


async def test_a_compressed_message_of_just_the_limit_is_taken() -> None:
    """By default a compressed message of 4 MiB of zeros is taken, on both sides; one byte more gets a 1009.

    默认上限下，压缩的消息正好 4 MiB，全是零，双方都收；多一个字节就不收，关闭代码是 1009。
    """
    end: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
    kinds_seen = [WSMsgType.BINARY, WSMsgType.ERROR]

    async def send(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        for size in (2**22, 2**22 + 1):
            await ws.send_bytes(bytes(size))
        return ws

    async with TestClient(TestServer(build_app(send))) as client:
        ws = await client.ws_connect("/", compress=15)
        assert [(await ws.receive()).type for _ in range(2)] == kinds_seen
        assert ws.close_code == 1009
    async with TestClient(TestServer(build_app(reader_to(end)))) as client:
        ws = await client.ws_connect("/", compress=15)
        for size in (2**22, 2**22 + 1):
            await ws.send_bytes(bytes(size))
        assert await end == [*kinds_seen, 1006]
        await ws.receive()
        assert ws.close_code == 1009


@pytest.mark.parametrize("most", [0, 2**23 + 1, 2**23, 2**22])
async def test_a_limit_of_zero_is_none_on_either_side(most: int) -> None:
    """With `max_msg_size` of 0, or larger than 8 MiB, server and client take 8 MiB; with just these, or 4 MiB, neither does.

    `max_msg_size` 是 0，或者比 8 MiB 大，服务器和客户端都收得下 8 MiB；正好 8 MiB 或者 4 MiB，都不收。
    """  # noqa: E501
    size = 2**23
    kind = WSMsgType.BINARY if most in (0, size + 1) else WSMsgType.ERROR

    async def send(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.send_bytes(bytes(size))
        await ws.receive()
        return ws

    async with TestClient(TestServer(build_app(send))) as client:
        ws = await client.ws_connect("/", max_msg_size=most)
        assert (await ws.receive()).type is kind
    received: asyncio.Future[WSMsgType] = asyncio.get_running_loop().create_future()

    async def receive(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(max_msg_size=most)).prepare(request)
        received.set_result((await ws.receive()).type)
        return ws

    async with open_by_hand(receive) as (_, writer):
        writer.write(b"\x82\x7f" + size.to_bytes(8, "big") + bytes(size))
        assert await asyncio.wait_for(received, 10) is kind


async def test_only_a_client_that_asks_gets_compressed_messages() -> None:
    """By default the server compresses for a client that asks; aiohttp's own client does not ask by default.

    服务器默认在客户端要求了时才压缩；aiohttp 自己的客户端默认不要求。
    """
    windows: list[int] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        windows.append(int(ws.compress))
        await ws.send_str("hello")
        return ws

    async with TestClient(TestServer(build_app(listen))) as client:
        for compress in (None, 15, 9):
            connecting = client.ws_connect("/", compress=compress) if compress else client.ws_connect("/")
            assert await (await connecting).receive_str() == "hello"
    assert windows == [0, 15, 9]
    asking = {**UPGRADE, "Sec-WebSocket-Extensions": "permessage-deflate"}
    for upgrade, first in ((UPGRADE, b"\x81"), (asking, b"\xc1")):  # the second bit: compressed
        async with open_by_hand(listen, upgrade=upgrade) as (reader, writer):
            assert await reader.readexactly(1) == first
            writer.write(GOODBYE)


async def test_a_handler_that_does_not_read_notices_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """While the handler does not read, a close and even the end of the connection leave `closed` False.

    处理函数不读的时候，对方道别也好，断开也好，`closed` 都是 False。
    """
    assert await lines_of(capsys, work_in_handler.main) == [
        "client, timed out: 1006",
        "server, work done: False None",
        "server, listening: stop that work!",
        "server, loop over: True 4000",
    ]
    # where a loop reads, the same client gets its answer
    async with TestServer(build_app(reader_to(asyncio.get_running_loop().create_future()))) as server:
        await work_in_handler.leave(str(server.make_url("/")), asyncio.Event())
    assert capsys.readouterr().out == "client, timed out: 1000\n"


async def test_pings_are_answered_only_while_somebody_reads() -> None:
    """What a handler sends before it takes a ping from the queue arrives before the pong; its WebSocket has no task but those of its request.

    处理函数从队列里取出 ping 之前发出的消息，比 pong 先到；WebSocket 除了处理这个请求的任务，没有别的任务。
    """  # noqa: E501
    before = asyncio.all_tasks()
    work = asyncio.Event()

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await work.wait()
        await ws.send_str("hello")
        await ws.send_str("hello")
        assert (await ws.receive()).type is WSMsgType.TEXT  # the ping is behind it
        await ws.send_str("hello")
        async for _ in ws:
            pass
        return ws

    async with open_by_hand(listen) as (reader, writer):
        writer.write(HELLO + PING)
        await writer.drain()
        assert (await ask(web.Application())).status == 404
        names = [getattr(task.get_coro(), "__name__", "") for task in asyncio.all_tasks() - before]
        assert sorted(names) == ["_handle_request", "start"]  # any request's
        work.set()
        assert await reader.readexactly(len(HELLO * 3 + PONG)) == HELLO * 3 + PONG
    async with open_by_hand(handshake.listen) as (reader, writer):
        writer.write(PING)
        assert await reader.readexactly(len(PONG)) == PONG


async def test_two_cannot_receive_at_once() -> None:
    """A second `receive` while one waits is a RuntimeError.

    一个 `receive` 还在等，再来一个就是 RuntimeError。
    """
    errors: list[str] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        first = asyncio.create_task(ws.receive())
        await asyncio.sleep(0)
        try:
            await ws.receive()
        except RuntimeError as error:
            errors.append(str(error))
        await first
        return ws

    async with TestClient(TestServer(build_app(listen))) as client:
        ws = await client.ws_connect("/")
        await ws.send_str("for the first")
        await ws.receive()
    assert errors == ["Concurrent call to receive() is not allowed"]


async def test_a_busy_handler_still_hears(capsys: pytest.CaptureFixture[str]) -> None:
    """With the work in a task of its own, the pong comes before the result, and a goodbye ends the work.

    工作放在单独的任务里：pong 比结果先到，对方道别，工作也就结束。
    """
    assert await lines_of(capsys, work_in_task.main) == [
        *("PONG", "TEXT", "closed with 1000", "tasks left: 0"),
    ]
    async with TestClient(TestServer(build_app(work_in_task.listen))) as client:
        ws = await client.ws_connect("/")
        await ws.send_str("job")
        assert await ws.receive_str() == "job done"
        working = [task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__name__", "") == "work"]
        await ws.close()
        await asyncio.wait(working, timeout=5)
        assert [task.cancelled() for task in working] == [True]


async def test_a_worker_that_fails_does_not_end_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the task that works has failed, the client gets no result, and the handler still reads: it answers a ping and a close.

    做工作的任务失败之后，客户端等不到结果，处理函数照样在读：ping 和关闭帧都有回复。
    """  # noqa: E501
    failed = asyncio.Event()

    async def work(ws: web.WebSocketResponse, jobs: asyncio.Queue[str]) -> None:
        await jobs.get()
        failed.set()
        raise LookupError

    monkeypatch.setattr(work_in_task, "work", work)
    async with TestClient(TestServer(build_app(work_in_task.listen))) as client:
        ws = await client.ws_connect("/", autoping=False)
        await ws.send_str("job")
        await asyncio.wait_for(failed.wait(), 10)
        await ws.send_str("another job")
        waiting = asyncio.create_task(ws.receive())
        assert not (await asyncio.wait([waiting], timeout=0.3))[0]
        await ws.ping()
        assert (await waiting).type == WSMsgType.PONG
        await ws.close(code=4000)
        assert ws.close_code == 1000


async def test_a_worker_that_closes_in_finally_ends_the_loop(capsys: pytest.CaptureFixture[str]) -> None:
    """A worker that fails and closes in `finally` ends the loop: the client gets the code, the same `listen` returns.

    工作的任务失败了，在 `finally` 里关闭：客户端得到它的代码，循环结束，没有改过的 `listen` 返回。
    """  # noqa: E501
    assert inspect.getsource(fails.listen) == inspect.getsource(work_in_task.listen)
    assert await lines_of(capsys, fails.main) == ["4 doubled: 8", "close code: 1011"]
    returned = asyncio.Event()

    async def listen(request: web.Request) -> web.StreamResponse:
        response = await fails.listen(request)
        returned.set()
        return response

    async with TestClient(TestServer(build_app(listen))) as client:
        ws = await client.ws_connect("/")
        await ws.send_str("four")
        assert (await ws.receive()).type is WSMsgType.CLOSE
        await asyncio.wait_for(returned.wait(), 10)


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until there are no more."""
    try:
        while data := await reader.read(2**16):
            writer.write(data)
    finally:
        writer.close()


CONF = (ROOT / "snippets/aiohttp/websocket/nginx.conf").read_text()
NGINX = [  # the headers that these lines set
    f"{name}: {value.replace('$http_upgrade', 'websocket').strip(chr(34))}"
    for name, value in re.findall(r"proxy_set_header (\S+) (.+);", CONF)
]


@asynccontextmanager
async def reverse_proxy(target: int, version: str, again: bool) -> AsyncIterator[int]:
    """Forward requests as nginx does, without Connection and Upgrade or with both again; yield a port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines, _, _ = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        lines = [line for line in lines if line.partition(":")[0].lower() not in ("connection", "upgrade")]
        lines += NGINX if again else ["Connection: close"]
        back, out = await asyncio.open_connection("127.0.0.1", target)
        out.write("\r\n".join([first.replace("HTTP/1.1", version), *lines, "", ""]).encode())
        await asyncio.gather(pipe(reader, out), pipe(back, writer))
        done.set()

    done = asyncio.Event()
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.wait_for(done.wait(), 10)


async def status_of_handshake(session: ClientSession, port: int) -> int:
    """Open a WebSocket and have a message echoed; return the status of its handshake."""
    try:
        async with session.ws_connect(f"http://127.0.0.1:{port}/") as ws:
            await ws.send_str("there and")
            assert await ws.receive_str() == "there and back"
    except WSServerHandshakeError as error:
        return error.status
    return 101


@pytest.mark.parametrize(
    ("version", "again", "status"),
    [("HTTP/1.0", False, 400), ("HTTP/1.0", True, 101), ("HTTP/1.1", False, 400), ("HTTP/1.1", True, 101)],
)
async def test_a_proxy_that_sets_both_headers_again_gets_a_101(
    version: str, again: bool, status: int
) -> None:
    """Behind a proxy that sets Connection and Upgrade again a WebSocket opens, over HTTP/1.0 too; else 400.

    代理重新写上 Connection 和 Upgrade，WebSocket 就能建立、能收发消息，用 HTTP/1.0 转发也行；不写就是 400。
    """

    async def echo(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        async for message in ws:
            await ws.send_str(f"{message.data} back")
        return ws

    assert NGINX == ["Upgrade: websocket", "Connection: upgrade"]
    assert "proxy_http_version 1.1;" in CONF
    async with (
        TestServer(build_app(echo)) as server,
        reverse_proxy(server.port or 0, version, again) as port,
        ClientSession() as session,
    ):
        assert await status_of_handshake(session, port) == status


@pytest.mark.parametrize(("lines", "status"), [(CONF, 101), ("", 400)])
async def test_nginx_opens_a_websocket_with_these_lines(lines: str, status: int, tmp_path: Path) -> None:
    """Through nginx a WebSocket opens with three lines beside `proxy_pass`; without them it is a 400.

    在 nginx 的 `proxy_pass` 旁边写这三行，WebSocket 就能建立；不写就是 400。
    """
    async with TestServer(build_app(echo.echo)) as server, ClientSession() as session:
        location = f"location / {{{{ proxy_pass http://127.0.0.1:{server.port};\n{lines} }}}}"
        servers = f"server {{{{ listen 127.0.0.1:{{port}}; {location} }}}}"
        with nginx(tmp_path / "nginx", tmp_path, servers) as address:
            assert await status_of_handshake(session, int(address.rstrip("/").rpartition(":")[2])) == status


async def test_a_heartbeat_shorter_than_its_timeout_keeps_nginx_from_closing(tmp_path: Path) -> None:
    """A silent WebSocket is closed by nginx after `proxy_read_timeout`; with a shorter `heartbeat` it stays.

    WebSocket 没有数据，到了 `proxy_read_timeout`，nginx 就断开它；`heartbeat` 更短的不断开。
    """
    app = web.Application()
    app.router.add_get("/beat", heartbeat_of(0.2))
    app.router.add_get("/silent", handshake.listen)
    async with TestServer(app) as server, ClientSession() as session:
        lines = f"{CONF}\nproxy_read_timeout 2s;"
        location = f"location / {{{{ proxy_pass http://127.0.0.1:{server.port};\n{lines} }}}}"
        servers = f"server {{{{ listen 127.0.0.1:{{port}}; {location} }}}}"
        with nginx(tmp_path / "nginx", tmp_path, servers) as address:
            beating = await session.ws_connect(f"{address}beat")  # it answers each ping
            waiting = asyncio.create_task(beating.receive())
            for _ in range(2):
                silent = await session.ws_connect(f"{address}silent")
                assert (await asyncio.wait_for(silent.receive(), 20)).type is WSMsgType.CLOSED
                assert (silent.close_code, waiting.done()) == (1006, False)
            await beating.close()
    assert (await waiting).type is WSMsgType.CLOSING
    assert beating.close_code == 1000
