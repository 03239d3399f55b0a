"""Proofs for the page server/sending."""

import asyncio
import builtins
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import Mock

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation.server import PromptServer, send_socket_catch_exception
from snippets.recreation.serving import serving
from snippets.server.index import notes
from snippets.server.sending import impatient, queues, stalled, uncaught
from snippets.server.websocket.takeover import heard
from tests.client import connect, fill, forgotten
from tests.real.plugin import COMFYUI
from tools.source_map import source_maps

MIB = bytes(2**20)
OPEN = impatient.OPEN  # where a handler puts its connection, for the test
# What `except` lists in server.py, and the two that cover all of it.
LISTED = (
    aiohttp.ClientError,
    aiohttp.ClientPayloadError,
    ConnectionResetError,
    BrokenPipeError,
    ConnectionError,
)
ENOUGH = (aiohttp.ClientError, ConnectionError)


async def outcome(send: Callable[[Any], Awaitable[None]], message: object) -> str:
    """Send through the function; return "sent", or "caught" or "raised" with the error's class."""
    errors: list[str] = []

    async def noted(message: Any) -> None:
        try:
            await send(message)
        except Exception as error:
            errors.append(type(error).__name__)
            raise

    try:
        await send_socket_catch_exception(noted, message)
    except Exception as error:
        return f"raised {type(error).__name__}"
    return f"caught {errors[0]}" if errors else "sent"


async def listen(request: web.Request) -> web.WebSocketResponse:
    """Read to the end, and print how it came."""
    await (ws := web.WebSocketResponse()).prepare(request)
    request.app[OPEN].put_nowait(ws)
    end = "CancelledError"
    try:
        received = [message async for message in ws]
        end = f"{len(received)} messages"
    finally:
        print(f"loop: {end}; closed={ws.closed}, {ws.close_code}")
    return ws


@asynccontextmanager
async def served(app: web.Application, cancel: bool = False) -> AsyncIterator[web.AppRunner]:
    """Serve as production does, with a runner; TestServer would cancel handlers."""
    runner = web.AppRunner(app, handler_cancellation=True) if cancel else web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner
    finally:
        await runner.cleanup()


@asynccontextmanager
async def silent_client(cancel: bool = False) -> AsyncIterator[tuple[web.WebSocketResponse, socket.socket]]:
    """Open a WebSocket by hand; yield the server's end, and the client that reads nothing."""
    app = web.Application()
    app[OPEN] = asyncio.Queue()
    app.router.add_get("/ws", listen)
    async with served(app, cancel) as runner:
        client = socket.create_connection(runner.addresses[0])
        client.sendall(uncaught.UPGRADE.encode())
        try:
            yield await app[OPEN].get(), client
        finally:
            client.close()
            await asyncio.sleep(0.1)


async def lets_others_run(sending: Any) -> bool:
    """Await something; tell whether the event loop had a turn meanwhile."""
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    await sending
    return bool(turns)


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S7")
@pytest.mark.parametrize("error", LISTED)
def test_five_classes_come_to_two(error: type[Exception]) -> None:
    """Each of the five classes is an `aiohttp.ClientError` or a `ConnectionError`.

    五个类，每个都是 `aiohttp.ClientError` 或者 `ConnectionError`。
    """
    assert issubclass(error, ENOUGH)
    assert (aiohttp.ClientError, ConnectionError) == ENOUGH


LOST = [*LISTED, aiohttp.ClientConnectionResetError, ConnectionAbortedError, ConnectionRefusedError]
# Python's other classes, but for those that take no text, or that a coroutine cannot raise.
OTHERS = [
    error
    for name, error in [*vars(builtins).items(), ("CancelledError", asyncio.CancelledError)]
    if isinstance(error, type)
    and issubclass(error, BaseException)
    and not issubclass(error, (*ENOUGH, UnicodeError, BaseExceptionGroup, StopIteration))
    and name == error.__name__  # `IOError` is another name of `OSError`
]


@pytest.mark.parametrize("error", [*LOST, *OTHERS])
async def test_only_a_lost_connection_is_caught(
    error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """Errors of the two families become one warning; Python's other errors pass, each of them.

    两类里的异常变成一行警告；Python 的其他异常一个也不捕获。
    """
    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)
        raise error("gone")

    if error in LOST:
        await send_socket_catch_exception(send, "hello")
    else:
        with pytest.raises(error, match="gone"):
            await send_socket_catch_exception(send, "hello")
    assert sent == ["hello"]
    assert [record.getMessage() for record in caplog.records] == ["send error: gone"] * (error in LOST)


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S7")
def test_neither_of_the_two_covers_the_other() -> None:
    """Of the two classes neither is a subclass of the other.

    两个类互不为子类。
    """
    assert not issubclass(*ENOUGH)
    assert not issubclass(*reversed(ENOUGH))


@pytest.mark.ours("the original notes, run by themselves")
@pytest.mark.statement("S7")
async def test_the_notes_version_never_sends() -> None:
    """The function in the notes waits a second and never calls what it was given.

    笔记里的那个函数等上一秒，从没调用过交给它的函数。
    """
    sent: list[object] = []
    loop = asyncio.get_running_loop()
    start = loop.time()
    names: dict[str, Any] = notes.run(notes.BLOCK.replace("asyncio.run(hello_world())", ""))
    await names["send_socket_catch_exception"](sent.append, "hello")
    assert not sent
    assert loop.time() - start > 0.9


@pytest.mark.statement("S7")
async def test_a_send_after_the_close_is_both() -> None:
    """A send after a clean close raises ClientConnectionResetError, a ClientError and a ConnectionError.

    正常关闭之后再发，抛出 ClientConnectionResetError；它既是 ClientError，也是 ConnectionError。
    """
    results = []

    async def visit(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        results.append(await outcome(ws.send_str, "in time"))
        await ws.receive()  # the client's close frame
        results.append(await outcome(ws.send_str, "too late"))
        return ws

    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await (await client.ws_connect("/")).close()
    assert results == ["sent", "caught ClientConnectionResetError"]
    for base in ENOUGH:
        assert issubclass(aiohttp.ClientConnectionResetError, base)
    assert issubclass(aiohttp.ClientConnectionResetError, ConnectionResetError)


@pytest.mark.ours("aiohttp")
async def test_a_send_after_ones_own_close_says_the_same() -> None:
    """A send after the handler's own `ws.close()` raises the same error with the same text.

    处理函数自己 `ws.close()` 之后再发，抛出同样的异常，文字也一样。
    """
    closed: list[str] = []

    async def visit(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.close()
        with pytest.raises(aiohttp.ClientConnectionResetError) as late:
            await ws.send_str("too late")
        closed.append(str(late.value))
        return ws

    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await (await client.ws_connect("/")).receive()
    assert closed == ["Cannot write to closing transport"]


@pytest.mark.document("the map of server.py")
def test_server_py_closes_no_websocket_and_sends_in_no_other_way() -> None:
    """Of a WebSocket the code calls `prepare` and `exception` alone: no method that closes, none that sends.

    对 WebSocket，代码只调用 `prepare` 和 `exception`，没有调用关闭的方法，也没有直接调用发送的方法。
    """
    called = {name for region in source_maps()["server.py"].regions.values() for name in region.calls}
    assert {name for name in called if name.startswith(("ws.", "self.sockets"))} == {
        "ws.prepare",
        "ws.exception",
        "self.sockets.pop",
        "self.sockets.values",
    }
    assert {name for name in called if "close" in name} == {"f.close"}  # a file's, in compare_image_hash


async def test_aiohttp_closes_for_a_frame_it_cannot_accept(caplog: pytest.LogCaptureFixture) -> None:
    """After text that is not UTF-8 aiohttp closes, the client being there; a send then logs the same text.

    客户端没有离开，只是发来不是 UTF-8 的文本，aiohttp 就关闭连接；这时发送，记下的是同样的文字。
    """
    async with serving(worker=False) as (server, session, *_):
        ws = await connect(session)
        [there] = server.sockets.values()
        await ws.send_frame(b"\xff", aiohttp.WSMsgType.TEXT)
        assert (await ws.receive(timeout=20)).type is aiohttp.WSMsgType.CLOSE
        await forgotten(server, "me")
        server.sockets["me"] = there  # as in the copy that a broadcast goes over
        await server.send("news", {}, None)
        assert "send error: Cannot write to closing transport" in caplog.text
        await ws.close()


@pytest.mark.statement("S7")
async def test_a_send_that_waits_is_a_plain_connection_error() -> None:
    """When the client's reset arrives while a send waits, it raises ConnectionError itself, not a subclass.

    发送正在等的时候，客户端的 RST 到达，抛出的就是 ConnectionError 本身，不是它的子类。
    """
    async with silent_client() as (ws, client):
        waiting = await fill(ws)
        trying = asyncio.create_task(outcome(ws.send_bytes, MIB))
        await asyncio.sleep(0.05)
        client.close()
        await asyncio.wait([waiting, trying], timeout=5)
        error = waiting.exception()
    assert trying.result() == "caught ConnectionError"
    assert type(error) is ConnectionError
    assert not isinstance(error, aiohttp.ClientError | ConnectionResetError)


@pytest.mark.statement("S7")
async def test_mistakes_pass_through() -> None:
    """TypeError (bytes as text, not JSON) and RuntimeError (not prepared) are not caught.

    TypeError（拿 bytes 当文本、JSON 存不下）和 RuntimeError（没有 prepare）都不捕获。
    """
    results = []

    async def visit(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        results.append(await outcome(ws.send_str, "not prepared"))
        await ws.prepare(request)
        results.append(await outcome(ws.send_str, b"bytes as text"))
        results.append(await outcome(ws.send_json, {"not", "JSON"}))
        return ws

    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await client.ws_connect("/")
    assert results == ["raised RuntimeError", "raised TypeError", "raised TypeError"]


@pytest.mark.statement("S7")
async def test_a_timeout_and_a_cancel_pass_through() -> None:
    """TimeoutError and CancelledError pass through, raised by a send that really waits.

    一次真的在等的发送，超时的 TimeoutError 和取消的 CancelledError 都不捕获。
    """

    async def hurried(message: bytes) -> None:
        async with asyncio.timeout(0.2):
            await ws.send_bytes(message)

    for expected in (TimeoutError, asyncio.CancelledError):
        async with silent_client() as (ws, _):
            (await fill(ws)).add_done_callback(lambda task: task.cancelled() or task.exception())
            limited = expected is TimeoutError
            sending = send_socket_catch_exception(hurried if limited else ws.send_bytes, MIB)
            trying = asyncio.create_task(sending)
            await asyncio.sleep(0.05)
            if not limited:
                trying.cancel()
            with pytest.raises(expected):
                await trying


@pytest.mark.statement("S7")
async def test_one_escape_ends_the_publishing_loop() -> None:
    """A loop that sends messages from a queue, without `try`, ends at the first error that is not caught.

    从队列里取消息、逐条发送的循环，没有 `try`，第一个没有捕获的异常就让它结束。
    """
    async with serving() as (server, client, _, _, publishing):
        assert publishing
        ws = await connect(client)
        for message in ("first", {1, 2}, "third"):
            server.send_sync("news", message)
        await asyncio.wait([publishing], timeout=10)
        assert type(publishing.exception()) is TypeError
        assert [message["data"] for message in await heard(ws)] == ["first"]
        assert server.messages.qsize() == 1


@pytest.mark.parametrize("cancel", [False, True])
@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("size", [5, 2**14, 2**14 + 1, 10**5])
async def test_the_first_send_to_nobody_succeeds(size: int, reset: bool, cancel: bool) -> None:
    """After an abort the first send raises nothing, later ones do; once the loop has read of it, the first does.

    The connection is reset, or ends with all read; then the second send raises nothing either, up to 16 KiB.

    客户端已经断掉连接：第一次发送什么也不抛，后面几次才抛；事件循环已经读到断开的消息，第一次就抛。
    连接可能是重置，也可能是读完之后才断；后一种情况下，不超过 16 KiB 的消息，第二次发送也不抛。
    """  # noqa: E501

    def leave(client: socket.socket) -> None:
        if not reset:  # closed with the answer unread, the connection is reset
            client.recv(2**16)
        client.close()

    lost = "caught ClientConnectionResetError"
    async with silent_client(cancel) as (ws, client):
        leave(client)
        assert not ws.closed
        results = [await outcome(ws.send_bytes, bytes(size)) for _ in range(3)]
        assert not ws.closed
    assert results == ["sent", lost if reset or size > 2**14 else "sent", lost]
    async with silent_client(cancel) as (ws, client):
        leave(client)
        await asyncio.sleep(0.1)  # the event loop reads what has come back
        assert await outcome(ws.send_str, "hello") == lost


@pytest.mark.ours("aiohttp")
@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("size", [5, 2**14 + 1])
async def test_a_write_that_fails_raises_only_at_the_next_send(size: int, reset: bool) -> None:
    """The send whose write fails at once raises nothing, but marks the connection closing; the next raises.

    With more than 16 KiB the write of the content fails, as that of the header has brought the reset.

    发送时写入立即失败，这次发送什么也不抛，连接却已标记为正在关闭；下一次发送才抛。
    超过 16 KiB 时，写入帧头已经引来 RST，写入内容就失败。
    """
    async with silent_client() as (ws, client):
        if not reset:  # closed with the answer unread, the connection is reset
            client.recv(2**16)
        client.close()
        assert ws._writer
        assert ws._writer.transport
        results = []
        for _ in range(3):
            result = await outcome(ws.send_bytes, bytes(size))
            results.append((result, ws._writer.transport.is_closing()))
    lost = ("caught ClientConnectionResetError", True)
    failing = ("sent", True)  # this write has failed
    at_once = reset or size > 2**14
    assert results == ([failing, lost, lost] if at_once else [("sent", False), failing, lost])


@pytest.mark.ours("aiohttp")
@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize(
    ("cancel", "line", "exception"),
    [
        (False, "loop: 0 messages; closed=True, 1006", aiohttp.ClientConnectionResetError),
        (True, "loop: CancelledError; closed=False, None", type(None)),
    ],
)
async def test_an_abort_ends_the_loop_or_cancels_it(
    reset: bool, cancel: bool, line: str, exception: type, capsys: pytest.CaptureFixture[str]
) -> None:
    """After an abort `async for` ends, closed, code 1006; with handler cancellation it raises, not closed.

    连接断掉以后，`async for` 自己结束，closed，代码 1006；开了取消就抛 CancelledError，也不算 closed。
    """
    async with silent_client(cancel) as (ws, client):
        if not reset:  # closed with the answer unread, the connection is reset
            client.recv(2**16)
        client.close()
        printed = ""
        async with asyncio.timeout(10):
            while not printed:  # the handler prints how its loop ended
                await asyncio.sleep(0.01)
                printed = capsys.readouterr().out
        assert type(ws.exception()) is exception
    assert printed.strip() == line


@pytest.mark.ours("aiohttp")
async def test_a_small_send_does_not_wait_for_the_reader() -> None:
    """Sending to a client that reads nothing returns at once, without a turn, up to an almost full buffer.

    对方什么也不读，小消息照样立刻发完，事件循环一轮都没转，直到缓冲区快要满了。
    """
    async with asyncio.timeout(30), silent_client() as (ws, _):
        assert not await lets_others_run(ws.send_str("hello"))
        transport: Any = ws._req and ws._req.transport
        while transport.get_write_buffer_size() < 60_000:  # the limit is 64 KiB
            assert not await lets_others_run(ws.send_json({"a": "x" * 1000}))


@pytest.mark.ours("aiohttp")
@pytest.mark.parametrize("size", [1000, 30_000])
async def test_a_send_waits_only_after_every_256_kib(size: int) -> None:
    """To a client that does not read only a send waits with which 256 KiB more have been sent, though the buffer was full before.

    向不读的客户端发送，缓冲区早已满了，也只有又满 256 KiB 的那一次发送才等待。
    """  # noqa: E501
    frame = size + 4  # with its header
    per_look = 2**18 // frame + 1
    async with asyncio.timeout(30), silent_client() as (ws, _):
        full = list[int]()
        for count in range(1, 2**28 // frame):
            sending = asyncio.create_task(ws.send_bytes(bytes(size)))
            if not (await asyncio.wait([sending], timeout=None if count % per_look else 0.3))[0]:
                break
            transport: Any = ws._req and ws._req.transport
            if transport.get_write_buffer_size() > 2**16:  # its limit
                full.append(count)
        assert count % per_look == 0
        assert len(full) > 1
        sending.cancel()


@pytest.mark.ours("aiohttp")
async def test_a_full_buffer_makes_a_send_wait() -> None:
    """With the buffers full a send waits, and goes on as soon as the client reads.

    缓冲区满了，发送就等；对方一读，就继续。
    """
    async with TestClient(TestServer(app := impatient.build_app())) as client:
        reader = await client.ws_connect("/")
        waiting = await fill(await app[impatient.OPEN].get())
        while not waiting.done():
            await asyncio.wait_for(reader.receive_bytes(), 5)
        assert waiting.exception() is None


async def join_by_hand(server: PromptServer, client: socket.socket) -> None:
    """Open a WebSocket that nobody reads from; wait until the server knows it."""
    before = len(server.sockets)
    client.sendall(uncaught.UPGRADE.encode())
    while len(server.sockets) == before:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("reads_again", [False, True])
async def test_one_silent_client_holds_up_the_others(
    reads_again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broadcast stops for all, for a year by the loop's clock, until the silent client reads or is cut off.

    A new client is greeted meanwhile.

    群发时有一个客户端不读，所有客户端都收不到，事件循环的时钟过了一年也一样，直到它再读或者断开；新来的照样收到问候。
    """
    loop = asyncio.get_running_loop()
    now = loop.time
    async with serving(publish=False) as (server, client, address, *_):
        reader = await connect(client)
        assert await asyncio.wait_for(stalled.broadcast(server, reader), 10) == 32
        with socket.create_connection(address) as silent:
            await join_by_hand(server, silent)
            sending = asyncio.create_task(stalled.broadcast(server, reader))
            assert not (await asyncio.wait([sending], timeout=1))[0]
            newcomer = await connect(client, "newcomer")  # reads its greeting
            assert await heard(newcomer) == []
            monkeypatch.setattr(loop, "time", lambda: now() + 365 * 24 * 3600)
            await asyncio.sleep(0.1)  # time enough for every timer that is set
            assert not sending.done()
            await newcomer.close()
            if reads_again:
                stream, writer = await asyncio.open_connection(sock=silent)
                reading = asyncio.create_task(stream.read())
                assert await asyncio.wait_for(sending, 10) == 32
                writer.close()
                await reading
        assert await asyncio.wait_for(sending, 10) == 32
        await reader.close()


async def test_a_broadcast_reaches_one_client_after_the_other() -> None:
    """While a broadcast waits for a silent client, the client before it has the message, the one behind it has not.

    群发等在不读的客户端那里时，排在它前面的客户端已经收到消息，排在后面的还没有。
    """  # noqa: E501
    async with serving(publish=False) as (server, client, address, *_):
        before = await connect(client, "before")
        with socket.create_connection(address) as silent:
            await join_by_hand(server, silent)
            behind = await connect(client, "behind")
            held: Any = [*server.sockets.values()][1]
            while True:  # one after the other, in the order of the dict
                send = asyncio.create_task(server.send_bytes(1, MIB))
                assert len(await before.receive_bytes(timeout=10)) > len(MIB)
                await asyncio.wait([send], timeout=1)
                if held._writer.protocol._drain_waiter:  # for which the send waits
                    break
                await asyncio.wait_for(send, 10)
                assert len(await behind.receive_bytes(timeout=10)) > len(MIB)
            assert await heard(behind) == []
        await asyncio.wait_for(send, 10)
        assert len(await behind.receive_bytes(timeout=10)) > len(MIB)
        for ws in (before, behind):
            await ws.close()


@pytest.mark.parametrize("size", [0, 100_000])
async def test_a_silent_client_takes_much_before_it_holds_up_anybody(size: int) -> None:
    """A client that does not read is sent over half a million bytes before a send waits, in whatever pieces.

    不读的客户端要先收下五十多万字节，发送才会等，不论每条多大。
    """
    async with serving(publish=False) as (server, _, address, *_):
        with socket.create_connection(address) as silent:
            await join_by_hand(server, silent)
            data = {**server.get_queue_info(), "padding": "x" * size}
            length = len(json.dumps({"type": "status", "data": data}))
            for count in range(2**28 // length):  # noqa: B007
                sending = asyncio.create_task(server.send_json("status", data))
                await asyncio.sleep(0)
                if not sending.done():
                    break
        await asyncio.wait_for(sending, 10)
    assert count * length > 500_000
    assert count > (5000 if size == 0 else 4)


async def test_a_client_may_join_during_a_broadcast() -> None:
    """A client that joins while a broadcast waits does not break it: the server loops over a copy.

    群发正在等的时候有客户端加入，群发不会出错：服务器遍历的是副本。
    """
    async with serving(publish=False) as (server, client, *_):
        slow = await connect(client, "slow")

        async def broadcast() -> None:
            for _ in range(32):
                await server.send_bytes(1, MIB)
                await server.send_json("news", "x" * len(MIB))

        sending = asyncio.create_task(broadcast())
        assert not (await asyncio.wait([sending], timeout=0.3))[0]
        quick = await connect(client, "quick")
        reading = asyncio.create_task(receive(quick))
        for _ in range(64):
            await slow.receive(timeout=10)
        await asyncio.wait_for(sending, 10)
        reading.cancel()


async def receive_all(ws: Any, count: int) -> list[bytes]:
    """Receive so many messages, fewer if the connection ends."""
    messages: list[bytes] = []
    async for message in ws:
        messages.append(message.data)
        if len(messages) == count:
            break
    return messages


async def receive(ws: Any) -> None:
    """Receive for ever."""
    while True:
        await ws.receive()


@pytest.mark.ours("aiohttp")
async def test_after_a_timeout_the_next_send_cancels_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """After a send timed out on a full buffer, each that looks at the buffer raises CancelledError though nobody cancelled it.

    All wait for the same future, and the timeout has cancelled it. Small messages look after every 256 KiB. Once the client
    has read, sends work again.

    缓冲区满时发送超时，以后每次检查缓冲区的发送都抛 CancelledError，尽管没人取消它。
    它们等的是同一个 future，超时把它取消了。小消息每满 256 KiB 检查一次。客户端读过之后，又能发送。
    """  # noqa: E501
    await impatient.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["1 TimeoutError", "2 CancelledError", "3 CancelledError"]
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]
    async with TestClient(TestServer(app := impatient.build_app())) as client:
        reader = await client.ws_connect("/")
        ws: Any = await app[impatient.OPEN].get()
        with pytest.raises(TimeoutError):
            await impatient.flood(ws)
        waiter = ws._writer.protocol._drain_waiter
        assert waiter.cancelled()
        with pytest.raises(asyncio.CancelledError):
            await impatient.flood(ws)
        assert ws._writer.protocol._drain_waiter is waiter
        raised = list[int]()
        for count in range(8000):
            try:
                await ws.send_bytes(bytes(100))
            except asyncio.CancelledError:
                raised.append(count)
        per_look = 2**18 // 102 + 1  # 2 bytes of header each
        assert [later - earlier for earlier, later in itertools.pairwise(raised)] == [per_look] * 2
        while len(await reader.receive_bytes(timeout=10)) == len(MIB):
            pass
        for _ in range(8000 - 1):
            assert len(await reader.receive_bytes(timeout=10)) == 100
        await asyncio.wait_for(ws.send_bytes(MIB), 10)
        assert len(await reader.receive_bytes(timeout=10)) == len(MIB)


@pytest.mark.ours("aiohttp")
@pytest.mark.parametrize("way", ["abort", "close"])
async def test_after_a_timeout_an_abort_ends_the_waiting_and_close_raises(way: str) -> None:
    """After a send timed out, `abort` makes the next send raise at once, a `ConnectionError`; `ws.close` raises CancelledError.

    发送超时之后，`abort` 使下一次发送立即抛出 `ConnectionError`；`ws.close` 自己抛出 CancelledError，尽管没有任务被取消。
    """  # noqa: E501
    async with TestClient(TestServer(app := impatient.build_app())) as client:
        await client.ws_connect("/")  # and never reads
        ws: Any = await app[impatient.OPEN].get()
        with pytest.raises(TimeoutError):
            await impatient.flood(ws)
        if way == "abort":
            ws._req.transport.abort()
            with pytest.raises(aiohttp.ClientConnectionResetError) as raised:
                ws.send_bytes(MIB).send(None)  # at once: it does not await anything first
            assert isinstance(raised.value, ConnectionError)
        else:
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(ws.close(), 10)
            assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]


@pytest.mark.ours("aiohttp")
async def test_a_heartbeat_ends_the_handler_but_not_the_send(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat notices the silent client and ends the handler; a send that waits already goes on waiting.

    In a server with a heartbeat the client leaves the dict; if a send waits then, `publish_loop` sends nothing more to
    the others; if none waits yet, it sends them everything.

    心跳发现对方没有反应，处理函数随之结束；已经在等的发送却还在等。
    给服务器加上心跳：客户端从字典里删除了。这时如果有发送在等，`publish_loop` 就不再发给别的客户端；如果还没有，全部照发。
    """  # noqa: E501
    app = web.Application()
    ended = asyncio.Event()
    sockets = asyncio.Queue[web.WebSocketResponse]()

    async def listen(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse(heartbeat=0.6)).prepare(request)
        sockets.put_nowait(ws)
        async for _ in ws:
            pass
        ended.set()
        return ws

    app.router.add_get("/", listen)
    async with TestClient(TestServer(app)) as client:
        await client.ws_connect("/")
        ws = await sockets.get()
        transport: Any = ws._req and ws._req.transport
        monkeypatch.setattr(transport, "close", close := Mock(side_effect=transport.close))
        waiting = await fill(ws)
        await asyncio.wait_for(ended.wait(), 10)
        close.assert_called_with()
        assert transport.is_closing()
        assert transport.get_write_buffer_size() > 2**16  # which `abort` would have emptied
        assert not (await asyncio.wait([waiting], timeout=0.3))[0]
    await asyncio.wait([waiting], timeout=5)
    assert waiting.done()
    waiting.cancelled() or waiting.exception()
    plain = web.WebSocketResponse
    monkeypatch.setattr(web, "WebSocketResponse", lambda: plain(heartbeat=0.6))
    async with serving(worker=False) as (server, session, address, *_):
        with socket.create_connection(address) as silent:
            await join_by_hand(server, silent)
            [sid] = server.sockets
            for _ in range(32):
                server.send_sync(1, MIB, sid)
            await forgotten(server, sid)
            reader = await connect(session)
            server.send_sync("news", "late")
            assert await heard(reader) == []
            assert 0 < server.messages.qsize() <= 32
        assert (await reader.receive_json(timeout=10))["data"] == "late"  # it is gone
        await reader.close()
    async with serving(worker=False) as (server, session, address, *_):
        with socket.create_connection(address) as silent:
            await join_by_hand(server, silent)
            [sid] = server.sockets
            await forgotten(server, sid)  # before a send waits
            reader = await connect(session)
            for _ in range(32):
                server.send_sync(1, MIB)
                assert len(await reader.receive_bytes(timeout=10)) > len(MIB)
            await reader.close()


async def grow(copied: bool) -> int:
    """Let a second client connect while a broadcast waits for the first; return what the first received."""
    app = web.Application()
    sockets: dict[str, web.WebSocketResponse] = {}

    async def join(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        sockets[request.path] = ws
        await ws.receive()
        return ws

    async def broadcast(targets: Iterable[web.WebSocketResponse]) -> None:
        for ws in targets:
            for _ in range(32):
                await ws.send_bytes(MIB)

    app.router.add_get("/{name}", join)
    async with TestClient(TestServer(app)) as client:
        first = await client.ws_connect("/first")
        view = sockets.values()
        sending = asyncio.create_task(broadcast(list(view) if copied else view))
        await client.ws_connect("/second")
        size = 0
        for _ in range(32):
            size += len(await first.receive_bytes())
        await sending
        return size


@pytest.mark.ours("aiohttp")
async def test_a_dict_that_grows_breaks_the_loop() -> None:
    """Looping over the dict raises RuntimeError when a client joins or leaves meanwhile; over a list not.

    遍历字典时有客户端加入或离开，抛 RuntimeError；遍历列表就没事。
    """
    with pytest.raises(RuntimeError, match=r"^dictionary changed size during iteration$"):
        await grow(copied=False)
    assert await grow(copied=True) == 32 * len(MIB)
    sockets = dict.fromkeys("ab")
    copy, loop = iter(list(sockets)), iter(sockets)
    assert next(copy) == next(loop) == "a"
    del sockets["a"]
    with pytest.raises(RuntimeError, match=r"^dictionary changed size during iteration$"):
        next(loop)
    assert next(copy) == "b"


async def test_the_part_sends_to_one_or_to_all_and_an_unknown_name_gets_nothing() -> None:
    """With a name `send_json` and `send_bytes` reach one client, without one all, with an unknown one none, not even later.

    `send_json` 和 `send_bytes` 给了名字就只发给那一个，不给就发给所有客户端，名字不存在就不发，这个名字以后连接上也不补发。
    """  # noqa: E501
    async with serving(publish=False) as (server, client, *_):
        one, two = [await connect(client, name) for name in ("one", "two")]
        for sid in ("one", "three", None):
            await server.send_json("news", sid, sid)
            await server.send_bytes(1, b"news", sid)
        assert [(await one.receive(timeout=10)).data for _ in range(4)] == [
            '{"type": "news", "data": "one"}',
            b"\x00\x00\x00\x01news",
            '{"type": "news", "data": null}',
            b"\x00\x00\x00\x01news",
        ]
        assert (await two.receive_json(timeout=10))["data"] is None
        assert await two.receive_bytes(timeout=10) == b"\x00\x00\x00\x01news"
        assert await heard(one) == await heard(two) == []
        assert await heard(await connect(client, "three")) == []


async def test_the_part_logs_a_lost_client_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    """A lost client costs one warning; the client behind it in the dict still gets its message.

    对断开的客户端只记一行警告，字典里排在它后面的照样收到。
    """
    async with serving(publish=False) as (server, client, *_):
        one, two = [await connect(client, name) for name in ("one", "two")]
        before = dict(server.sockets)
        await one.close()
        await forgotten(server, "one")
        server.sockets = before
        await server.send_json("news", "hello")
        assert (await two.receive_json(timeout=10))["data"] == "hello"
        assert list(server.sockets) == ["one", "two"]  # a failed send forgets nobody
    assert [record.getMessage() for record in caplog.records] == [
        "send error: Cannot write to closing transport"
    ]


class AllAtOnce(PromptServer):
    """Sends to all clients at the same time, and waits for all."""

    async def send_json(self, event: str, data: Any, sid: str | None = None) -> None:
        """Send with `gather`."""
        message = {"type": event, "data": data}
        sends = [ws.send_json for ws in list(self.sockets.values())]
        await asyncio.gather(*(send_socket_catch_exception(send, message) for send in sends))


async def test_sending_to_all_at_once_helps_for_one_message() -> None:
    """With `gather` a message that a silent client holds up reaches the others, but not the one behind it.

    用 `gather`，等在不读的客户端那里的消息，别的客户端收得到；后面一条就收不到了。
    """
    async with serving(server_class=AllAtOnce, worker=False) as (server, client, address, *_):
        with socket.create_connection(address) as silent:
            await join_by_hand(server, silent)
            reader = await client.ws_connect("/ws", max_msg_size=0, autoping=False)
            await reader.receive()
            for data in ("x" * 2**25, "second"):
                server.send_sync("news", data)
            assert len((await reader.receive_json(timeout=10))["data"]) == 2**25
            assert await heard(reader) == []
            assert server.messages.qsize() == 1
        assert (await reader.receive_json(timeout=10))["data"] == "second"


async def test_without_a_try_one_lost_client_costs_the_others_a_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A broadcast that catches nothing ends at a lost client; those behind it get nothing. server.py goes on.

    什么也不捕获的群发，碰到断开的客户端就停，排在后面的什么也收不到；server.py 的接着发。
    """
    await asyncio.wait_for(uncaught.main(), 30)
    lines = [
        "1 sent",
        "2 ClientConnectionResetError",
        "lost.closed: False",
        "reader: {'type': 'news', 'data': 1}",
    ]
    assert capsys.readouterr().out.splitlines() == lines
    async with serving(publish=False) as (server, client, address, *_):
        with socket.create_connection(address) as crashing:
            await uncaught.connect_by_hand(server, crashing)
            reader = await connect(client)
        for number in (1, 2):
            await server.send("news", number)
        assert [message["data"] for message in await heard(reader)] == [1, 2]


@pytest.mark.ours("the repair in the exercise")
async def test_a_queue_each_frees_the_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a queue and a task for each client the reader gets everything and the silent one is disconnected.

    每个客户端一个队列、一个任务：在读的全收到，不读的断开。
    """
    monkeypatch.setattr(queues, "SECONDS", 2)
    await queues.main()
    assert capsys.readouterr().out == "2 clients\n33554432 bytes, 1 client left\n"


@pytest.mark.ours("the repair in the exercise")
async def test_a_feed_ends_with_its_connection() -> None:
    """When a send raises because the connection is lost, the task that sends ends, without an exception.

    连接断了，发送抛出异常，负责发送的任务就结束，自己不抛。
    """
    async with silent_client() as (ws, client):
        queue = queues.Queue()
        for _ in range(8):
            queue.put_nowait((asyncio.get_running_loop().time() + 60, b"hello"))
        client.close()
        request: Any = ws._req
        await asyncio.wait_for(queues.feed(request, ws, queue), timeout=10)
        assert 0 < (left := queue.qsize()) < 8
        while request.transport:  # noqa: ASYNC110 — the event loop has not noticed yet
            await asyncio.sleep(0.01)
        await asyncio.wait_for(queues.feed(request, ws, queue), timeout=10)
        assert queue.qsize() == left - 1


@pytest.mark.ours("the repair in the exercise")
@pytest.mark.parametrize("reads", [True, False])
async def test_a_late_message_disconnects_its_client(reads: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client is disconnected if a send still waits when its message has reached the limit, not before.

    The time counts from when the message was queued, not from when the send began.
    It stays if it sends, and if a message that is late for another reason can be sent at once.

    消息入队满了时限，发送还在等待，才断开客户端。时间从入队算起，不从开始发送算起。客户端自己发消息，连接不断；消息因为别的原因晚了，却能立即发送，也不断。
    """
    monkeypatch.setattr(queues, "SECONDS", 1)
    app = web.Application()
    app[queues.QUEUES] = set()
    app.router.add_get("/", queues.join)
    async with TestClient(TestServer(app)) as client:
        ws = await client.ws_connect("/", autoping=False)
        for _ in range(3):
            await ws.send_str('{"type": "feature_flags"}')  # to speak does not end it
        await ws.ping()
        assert (await ws.receive(timeout=10)).type is aiohttp.WSMsgType.PONG  # all is read
        queues.broadcast(app[queues.QUEUES], b"late")
        time.sleep(1.2)  # noqa: ASYNC251 — the event loop is blocked, and nothing is sent
        assert await ws.receive_bytes(timeout=10) == b"late"
        assert len(app[queues.QUEUES]) == 1
        loop, limit = asyncio.get_running_loop(), 20 if reads else 1  # a busy machine reads slowly
        monkeypatch.setattr(queues, "SECONDS", limit)
        deadline = loop.time() + limit
        for _ in range(32):
            queues.broadcast(app[queues.QUEUES], MIB)
        if reads:
            assert await asyncio.wait_for(receive_all(ws, 32), limit) == [MIB] * 32
            assert len(app[queues.QUEUES]) == 1
            return
        while app[queues.QUEUES]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert loop.time() >= deadline
    monkeypatch.setattr(queues, "SECONDS", 60)
    async with silent_client() as (silent, _):
        waiting = await fill(silent)
        queue = queues.Queue()
        queue.put_nowait((loop.time() + 0.1, MIB))  # queued 59.9 seconds ago
        request: Any = silent._req
        await asyncio.wait_for(queues.feed(request, silent, queue), timeout=20)
        assert request.transport is None or request.transport.is_closing()
        await asyncio.wait([waiting], timeout=10)
        assert waiting.cancelled() or waiting.exception()


@pytest.mark.ours("the repair in the exercise")
@pytest.mark.parametrize("compress", [0, 15])
@pytest.mark.parametrize("size", [5, 20_000, 2**20])
async def test_a_client_that_reads_survives_a_burst(
    size: int, compress: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that reads gets a hundred messages in a row, short or long, compressed or not, and stays.

    在读的客户端连续收到一百条消息，连接不断，不论消息长短，不论是否压缩。
    """
    monkeypatch.setattr(queues, "SECONDS", 60)  # on a busy machine it reads more slowly
    app = web.Application()
    app[queues.QUEUES] = set()
    app.router.add_get("/", queues.join)
    async with TestClient(TestServer(app)) as client:
        ws = await client.ws_connect("/", compress=compress)
        reading = asyncio.create_task(receive_all(ws, 100))
        await asyncio.sleep(0.1)  # the task `feed` waits for its queue
        for _ in range(100):
            queues.broadcast(app[queues.QUEUES], bytes(size))
        assert [queue.qsize() for queue in app[queues.QUEUES]] == [100]  # it lags behind
        assert await asyncio.wait_for(reading, 20) == [bytes(size)] * 100
        assert len(app[queues.QUEUES]) == 1


@pytest.mark.statement("S7")
def test_server_py_lists_five_classes() -> None:
    """The real function names five classes of errors, two of aiohttp's and three of Python's; ours names two.

    真的那个函数写了五个异常类，两个是 aiohttp 的，三个是 Python 的；我们的写了两个。
    """
    named = {name for name in send_socket_catch_exception.__code__.co_names if name.endswith("Error")}
    assert named == {error.__name__ for error in (LISTED if COMFYUI else ENOUGH)}
    region = source_maps()["server.py"].regions["send_socket_catch_exception"]
    used = {name for name in region.uses if name.startswith("aiohttp.")}
    assert used == {f"aiohttp.{error.__name__}" for error in LISTED[:2]}
    homes = [error.__module__.partition(".")[0] for error in LISTED]
    assert homes == [*["aiohttp"] * 2, *["builtins"] * 3]
