"""Proofs for the page aiohttp/websocket."""

import asyncio
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientWSTimeout, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.aiohttp.websocket import (
    accept,
    ends,
    handshake,
    heartbeat,
    kinds,
    limit,
    proxy,
    returned,
    work_in_handler,
    work_in_task,
)
from snippets.aiohttp.websocket.handshake import UPGRADE

HELLO = b"\x81\x05hello"  # a text frame as a server sends it, without a mask


def build_app(handler: Handler, *middlewares: Any) -> web.Application:
    """Return an application with one handler, for every method."""
    app = web.Application(middlewares=middlewares)
    app.router.add_route("*", "/", handler)
    return app


@asynccontextmanager
async def open_by_hand(handler: Handler) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve one handler, do the WebSocket handshake, and yield the connection for raw frames."""
    runner = web.AppRunner(build_app(handler))  # TestServer would cancel the handler
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0])
    headers = [f"{name}: {value}" for name, value in UPGRADE.items()]
    writer.write("\r\n".join(["GET / HTTP/1.1", "Host: localhost", *headers, "", ""]).encode())
    await reader.readuntil(b"\r\n\r\n")
    try:
        yield reader, writer
    finally:
        writer.close()
        await runner.cleanup()


async def lines_of(capsys: pytest.CaptureFixture[str], main: Any) -> list[str]:
    """Run a snippet; return the lines that it printed."""
    await asyncio.wait_for(main(), 20)
    return capsys.readouterr().out.splitlines()


async def test_the_answer_is_a_hash_of_the_key() -> None:
    """The server answers the sample key of RFC 6455 as the RFC does, and so does `accept()`.

    对 RFC 6455 里的示例密钥，服务器和 `accept()` 给出的答复都与 RFC 相同。
    """
    key, expected = UPGRADE["Sec-WebSocket-Key"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert accept.accept(key) == expected
    async with TestServer(handshake.build_app()) as server:
        head = await handshake.ask(server.port or 0, "GET", UPGRADE)
    assert head[0] == "HTTP/1.1 101 Switching Protocols"
    assert f"Sec-WebSocket-Accept: {expected}" in head


async def test_a_client_refuses_a_wrong_answer() -> None:
    """A client that gets another hash than its key asks for gives up.

    客户端发现答复与自己的密钥对不上，就不再往下走。
    """

    async def wrong_accept(request: web.Request) -> web.StreamResponse:
        wrong = {**UPGRADE, "Sec-WebSocket-Accept": accept.accept("another key")}
        await (response := web.StreamResponse(status=101, headers=wrong)).prepare(request)
        return response

    async with TestClient(TestServer(build_app(wrong_accept))) as client:
        with pytest.raises(WSServerHandshakeError, match="Invalid challenge response"):
            await client.ws_connect("/")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_without_an_upgrade_prepare_raises_a_400(method: str) -> None:
    """Without the headers of an upgrade `prepare` raises, the answer is 400, and the handler goes no further.

    没有升级的头部，`prepare` 就抛异常：答复是 400，处理函数到此为止。
    """
    seen: list[str] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        try:
            await (ws := web.WebSocketResponse()).prepare(request)
        except web.HTTPException as error:
            seen.append(type(error).__name__)
            raise
        return ws

    async with TestServer(build_app(listen)) as server:
        head = await handshake.ask(server.port or 0, method, {})
        await handshake.ask(server.port or 0, method, UPGRADE)
    assert head == ["HTTP/1.1 400 Bad Request"]
    assert seen == ["HTTPBadRequest"]


@pytest.mark.parametrize("name", UPGRADE)
async def test_each_of_the_four_headers_is_needed(name: str) -> None:
    """Leave out any of the four headers and the answer is 400.

    四个头部少了哪一个，答复都是 400。
    """
    async with TestServer(handshake.build_app()) as server:
        headers = {key: value for key, value in UPGRADE.items() if key != name}
        assert (await handshake.ask(server.port or 0, "GET", headers))[0] == "HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize("method", ["HEAD", "POST"])
async def test_any_method_may_upgrade(method: str) -> None:
    """HEAD and POST with the headers of an upgrade get a 101, though RFC 6455 asks for GET.

    HEAD 和 POST 带上升级的头部，同样得到 101，尽管 RFC 6455 要求用 GET。
    """
    async with TestServer(build_app(handshake.listen)) as server:
        head = await handshake.ask(server.port or 0, method, UPGRADE)
    assert head[0] == "HTTP/1.1 101 Switching Protocols"


async def test_a_middleware_may_refuse_a_handshake() -> None:
    """A middleware that answers 403 keeps the socket from opening, and the client learns the status.

    中间件回答 403，套接字就打不开；客户端看得到这个状态码。
    """

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=403)

    async with TestClient(TestServer(build_app(handshake.listen, refuse))) as client:
        with pytest.raises(WSServerHandshakeError) as caught:
            await client.ws_connect("/")
    assert caught.value.status == 403


async def test_a_proxy_that_drops_the_upgrade_gets_a_400(capsys: pytest.CaptureFixture[str]) -> None:
    """A proxy that forwards all headers but those of its own hop turns a WebSocket into a 400.

    代理转发了所有头部，唯独不转属于自己这一跳的，WebSocket 就成了 400。
    """
    lines = await lines_of(capsys, proxy.main)
    assert lines == [
        "direct: 101",
        "  target: No WebSocket UPGRADE hdr: None",
        "through the proxy: 400",
    ]


async def test_text_comes_as_str_and_bytes_as_bytes() -> None:
    """A text message carries a str, a binary one bytes, and what `send_json` sends is text.

    文本消息里是 str，二进制消息里是 bytes；`send_json` 发的是文本。
    """
    received: list[tuple[WSMsgType, object]] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        received.extend([(message.type, message.data) async for message in ws])
        return ws

    async with TestClient(TestServer(build_app(listen))) as client:
        await kinds.send_all(await client.ws_connect("/"))
    assert received == [
        (WSMsgType.TEXT, "hi"),
        (WSMsgType.BINARY, b"\x01"),
        (WSMsgType.TEXT, '{"type": "hi"}'),
    ]


async def test_a_ping_is_answered_unseen(capsys: pytest.CaptureFixture[str]) -> None:
    """A ping does not reach the loop, but the client gets its pong; with `autoping=False` it is the reverse.

    ping 不进循环，客户端却收得到 pong；`autoping=False` 则正好相反。
    """
    for path, answered in (("/auto", True), ("/by-hand", False)):
        async with TestClient(TestServer(kinds.build_app())) as client:
            ws = await client.ws_connect(path, autoping=False)
            await ws.ping(b"there?")
            if answered:
                assert (await ws.receive()).type is WSMsgType.PONG
            else:
                with pytest.raises(TimeoutError):
                    await ws.receive(timeout=0.3)
            await ws.close()
        assert ("PING" in capsys.readouterr().out) != answered


async def test_who_closes_does_not_note_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    """The other side notes the 4000; who closed notes 1000. Either way the loop ends without a message.

    对方记下 4000，先关的一方记下的却是 1000；无论谁先关，循环都不给出消息就结束。
    """
    lines = await lines_of(capsys, ends.main)
    assert [line.split() for line in lines[1:3]] == [
        ["client", "closes", "-", "4000", "1000"],
        ["server", "closes", "-", "1000", "4000"],
    ]


async def test_a_bad_message_is_the_last_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Too big or not UTF-8: the loop gets one ERROR and ends; the client is told why, the server notes 1006.

    太大，或者不是 UTF-8：循环拿到一条 ERROR 就结束；客户端知道原因，服务器记下的是 1006。
    """
    lines = await lines_of(capsys, ends.main)
    assert [line.split()[-3:] for line in lines[3:5]] == [
        ["ERROR", "1006", "1009"],
        ["ERROR", "1006", "1007"],
    ]


async def test_a_cut_connection_gives_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    """When the connection is cut, the loop ends without an ERROR message, with 1006 on both sides.

    连接断了，循环里没有 ERROR 消息，自己就结束；两边都是 1006。
    """
    lines = await lines_of(capsys, ends.main)
    assert lines[5].split() == ["cut", "-", "1006", "1006"]


async def test_close_waits_for_the_answer_but_not_for_ever() -> None:
    """`close` waits for the other side's close frame up to `timeout`, then notes 1006; once more is False.

    `close` 等对方的关闭帧，等到 `timeout` 为止，然后记下 1006；再调用一次得到 False。
    """
    codes: list[object] = []

    async def leave(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(timeout=0.3)).prepare(request)
        loop = asyncio.get_running_loop()
        start = loop.time()
        codes.append(await ws.close(code=4000))
        codes.append(await ws.close(code=4000))
        codes.append(ws.close_code)
        waited.set_result(loop.time() - start)
        return ws

    waited: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    async with open_by_hand(leave) as (reader, _):
        assert await reader.readexactly(4) == b"\x88\x02" + (4000).to_bytes(2, "big")
        assert await waited > 0.25
    assert codes == [True, False, 1006]
    assert inspect.signature(web.WebSocketResponse).parameters["timeout"].default == 10


async def test_close_does_not_wait_while_a_loop_is_reading() -> None:
    """When a loop reads in another task, `close` notes 1000 at once, without any answer.

    另一个任务里的循环正在读，`close` 就不等回音，马上记下 1000。
    """
    codes: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(timeout=60)).prepare(request)
        closing = asyncio.create_task(ws.close(code=4000))
        received = [message async for message in ws]
        codes.set_result([*received, await closing, ws.close_code])
        return ws

    async with open_by_hand(listen):
        assert await asyncio.wait_for(codes, 10) == [True, 1000]


async def test_every_goodbye_is_answered_with_1000() -> None:
    """The close frame that answers a goodbye carries 1000, whatever the goodbye said.

    不管对方道别用什么代码，回的关闭帧里都是 1000。
    """
    async with open_by_hand(handshake.listen) as (reader, writer):
        writer.write(b"\x88\x02" + (4000).to_bytes(2, "big"))
        assert await reader.readexactly(4) == b"\x88\x02" + (1000).to_bytes(2, "big")


@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [("return-ws", WSMsgType.CLOSE, 1000), ("raise-error", WSMsgType.CLOSED, 1006)],
)
async def test_the_end_of_the_handler_closes_the_socket(path: str, kind: WSMsgType, code: int) -> None:
    """When the handler returns its socket the client gets a close frame with 1000; when it raises, nothing.

    处理函数返回套接字，客户端收到代码 1000 的关闭帧；抛异常，什么也收不到。
    """
    async with TestClient(TestServer(returned.build_app())) as client:
        ws = await client.ws_connect(f"/{path}")
        assert (await ws.receive()).type is kind
        assert ws.close_code == code


@pytest.mark.parametrize("path", ["return-response", "raise-404"])
async def test_an_http_answer_after_the_handshake_is_a_protocol_error(path: str) -> None:
    """A Response returned or a 404 raised after the handshake goes into the socket as HTTP: code 1002.

    握手之后返回 Response 或抛出 404，HTTP 文本会写进套接字：代码 1002。
    """
    async with TestClient(TestServer(returned.build_app())) as client:
        ws = await client.ws_connect(f"/{path}")
        assert (await ws.receive()).type is WSMsgType.ERROR
        assert ws.close_code == 1002

    async def respond(request: web.Request) -> web.Response:
        await web.WebSocketResponse().prepare(request)
        return web.Response(text="goodbye")

    async with open_by_hand(respond) as (reader, _):
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 OK")


async def test_only_a_heartbeat_notices_a_silent_client(capsys: pytest.CaptureFixture[str]) -> None:
    """A client that answers nothing stays open without a heartbeat; with one it is pinged and then cut off.

    什么也不回的客户端，没有心跳就一直开着；有心跳，先收到 ping，随后断开。
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


async def test_a_message_of_exactly_the_limit_is_too_big_unless_compressed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A message must stay below the limit; a compressed one may reach it.

    消息必须小于上限；压缩过的可以正好等于上限。
    """
    lines = await lines_of(capsys, limit.main)
    assert [line.split() for line in lines[1:]] == [
        ["99", "TEXT", "TEXT"],
        ["100", "ERROR", "TEXT"],
        ["101", "ERROR", "ERROR"],
    ]


async def test_the_default_limit_is_four_mebibytes_on_both_sides() -> None:
    """Without `max_msg_size` server and client refuse 4 MiB; the server as soon as the header announces them.

    不写 `max_msg_size`，服务器和客户端都不收 4 MiB 的消息；头部一报出这个长度，服务器就已经拒绝。
    """

    async def send(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        for size in (2**22 - 1, 2**22):
            await ws.send_bytes(bytes(size))
        return ws

    async with TestClient(TestServer(build_app(send))) as client:
        ws = await client.ws_connect("/")
        assert [(await ws.receive()).type for _ in range(2)] == [WSMsgType.BINARY, WSMsgType.ERROR]
        assert ws.close_code == 1009
    async with open_by_hand(handshake.listen) as (reader, writer):
        header = b"\x82\x7f"
        writer.write(header + (2**22 - 1).to_bytes(8, "big") + bytes(2**22 - 1))
        writer.write(header + (2**22).to_bytes(8, "big"))
        assert await reader.readexactly(4) == b"\x88\x02" + (1009).to_bytes(2, "big")


async def test_only_a_client_that_asks_gets_compressed_messages() -> None:
    """The server compresses for a client that asks; aiohttp's own client does not ask by default.

    客户端要求了，服务器才压缩；aiohttp 自己的客户端默认不要求。
    """
    windows: list[int] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        windows.append(int(ws.compress))
        return ws

    async with TestClient(TestServer(build_app(listen))) as client:
        for connecting in (client.ws_connect("/"), client.ws_connect("/", compress=15)):
            await (await connecting).receive()
    assert windows == [0, 15]


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


async def test_pings_are_answered_only_while_somebody_reads() -> None:
    """A ping gets no pong before the handler reads.

    处理函数不读，ping 就等不到 pong。
    """
    app = web.Application()
    app[work_in_handler.DONE] = asyncio.Event()
    app.router.add_get("/", work_in_handler.work)
    async with TestClient(TestServer(app)) as client:
        ws = await client.ws_connect("/", autoping=False, timeout=ClientWSTimeout(ws_close=1))
        await ws.ping()
        with pytest.raises(TimeoutError):
            await ws.receive(timeout=0.3)
        app[work_in_handler.DONE].set()
        assert (await ws.receive()).type is WSMsgType.PONG


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


async def test_asking_a_closed_socket_five_times_is_an_error() -> None:
    """After the end `receive` says CLOSED four times and then raises RuntimeError.

    结束之后，`receive` 答四次 CLOSED，第五次抛 RuntimeError。
    """
    asked: list[object] = []

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.close()
        asked.extend([(await ws.receive()).type for _ in range(4)])
        try:
            await ws.receive()
        except RuntimeError:
            asked.append("RuntimeError")
        return ws

    async with TestClient(TestServer(build_app(listen))) as client:
        ws = await client.ws_connect("/")
        await ws.receive()
    assert asked == [WSMsgType.CLOSED] * 4 + ["RuntimeError"]


async def test_an_unmasked_frame_is_taken() -> None:
    """A client's frame without a mask is accepted, though RFC 6455 tells a server to close.

    客户端的帧没有掩码，照样收下，尽管 RFC 6455 要求服务器关闭连接。
    """

    async def echo(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.send_str(await ws.receive_str())
        return ws

    async with open_by_hand(echo) as (reader, writer):
        writer.write(HELLO)
        assert await reader.readexactly(len(HELLO)) == HELLO


async def test_a_busy_handler_still_hears(capsys: pytest.CaptureFixture[str]) -> None:
    """With the work in a task of its own, the pong comes before the result, and a goodbye ends the work.

    工作放在单独的任务里：pong 比结果先到，对方道别，工作也就结束。
    """
    assert await lines_of(capsys, work_in_task.main) == ["PONG", "TEXT", "closed with 1000"]
    async with TestClient(TestServer(build_app(work_in_task.listen))) as client:
        ws = await client.ws_connect("/")
        await ws.send_str("job")
        assert await ws.receive_str() == "job done"
        working = [task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__name__", "") == "work"]
        await ws.close()
        await asyncio.wait(working, timeout=5)
        assert [task.cancelled() for task in working] == [True]
