"""The event loop of the programs in a page, tested on CPython with real threads."""

import asyncio
import errno
import io
import itertools
import os
import runpy
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWSTimeout, WSMsgType, web
from aiohttp.test_utils import BaseTestServer, TestClient, TestServer

from playground.python.memory_loop import MemoryLoop, MemorySocket, memory_network
from tools.checks.outputs import module_name
from tools.model import Project

PROJECT = Project()
SAMPLE = [  # without one that logs, which pytest captures, and one that starts another process
    path
    for path in PROJECT.demonstrations("aiohttp")
    if not path.endswith(("/unmarked_class.py", "/hidden.py"))
]
BIG = bytes(range(256)) * 2**14  # 4 MiB, far more than a socket holds
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on memory sockets, and wait until the connections that it closed have ended."""

    async def main_and_cleanup() -> Any:
        result = await main
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=1)
        await asyncio.sleep(0.01)
        return result

    with memory_network():
        return asyncio.run(main_and_cleanup())


async def serve(handler: Handler, host: str = "127.0.0.1") -> tuple[asyncio.Server, Any]:
    """Start a server of streams; return it with its address."""
    server = await asyncio.start_server(handler, host, 0)
    return server, server.sockets[0].getsockname()[:2]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes, until the end."""
    while data := await reader.read(2**16):
        writer.write(data)
        await writer.drain()
    writer.close()


async def connect_to(handler: Handler) -> tuple[asyncio.Server, asyncio.StreamReader, asyncio.StreamWriter]:
    """Start a server and connect to it."""
    server, address = await serve(handler)
    return server, *await asyncio.open_connection(*address)


class PausedProtocol(asyncio.Protocol):
    """Reads nothing until it is resumed; counts the bytes and records the calls of flow control."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.size = 0
        self.received = asyncio.Event()
        self.lost: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pause reading."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        """Count the bytes."""
        self.size += len(data)
        self.received.set()

    async def has(self, size: int) -> None:
        """Wait until so many bytes have arrived."""
        while self.size < size:
            self.received.clear()
            await self.received.wait()

    def pause_writing(self) -> None:
        """Record the call."""
        self.calls.append("pause")

    def resume_writing(self) -> None:
        """Record the call."""
        self.calls.append("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        """Record how the connection ended."""
        self.lost.set_result(exc)


async def pair() -> tuple[PausedProtocol, PausedProtocol, asyncio.Server]:
    """Return the two ends of a connection."""
    loop = asyncio.get_running_loop()
    accepted: asyncio.Queue[PausedProtocol] = asyncio.Queue()

    def factory() -> PausedProtocol:
        accepted.put_nowait(protocol := PausedProtocol())
        return protocol

    server = await loop.create_server(factory, "127.0.0.1", 0)
    _, here = await loop.create_connection(PausedProtocol, *server.sockets[0].getsockname())
    there = await accepted.get()
    await asyncio.sleep(0)
    return here, there, server


# --- the network


def test_the_network_replaces_and_restores() -> None:
    """Inside the block, sockets and loops use memory; after it, also after an error, all is restored."""

    def now() -> list[Any]:
        policy = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
        return [socket.socket, socket.socketpair, socket.getaddrinfo, os.strerror, policy]

    def fail() -> None:
        with memory_network():
            inside.extend(now())
            loop = asyncio.new_event_loop()
            assert isinstance(loop, MemoryLoop)
            assert isinstance(socket.socket(), MemorySocket)
            loop.close()
            raise ZeroDivisionError

    before, inside = now(), list[Any]()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert now() == before
    assert all(old is not new for old, new in zip(before, inside, strict=True))


def test_a_program_leaves_no_address_taken() -> None:
    """A listener that one program forgot does not stand in the next one's way."""
    for _ in range(2):
        with memory_network():
            socket.socket().bind(("127.0.0.1", 8188))


def test_each_thread_sets_its_own_loop() -> None:
    """A loop that one thread sets belongs to that thread; without one, get_event_loop raises."""
    with memory_network():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        assert asyncio.get_event_loop() is loop
        missing: list[str] = []

        def ask() -> None:
            with pytest.raises(RuntimeError) as caught:
                asyncio.get_event_loop()
            missing.append(str(caught.value))

        (thread := threading.Thread(target=ask, name="other")).start()
        thread.join()
        loop.close()
    assert missing == ["There is no current event loop in thread 'other'."]


# --- names and addresses


def test_a_foreign_name_is_unknown() -> None:
    """Any name but localhost is a gaierror that says why, for asyncio and for the socket module."""

    async def main() -> None:
        with pytest.raises(socket.gaierror, match=r"example\.org: this page reaches only servers of its own"):
            await asyncio.open_connection("example.org", 80)

    run(main())
    with memory_network(), pytest.raises(socket.gaierror, match="only servers of its own") as caught:
        socket.create_connection(("example.org", 80))
    assert caught.value.errno == socket.EAI_NONAME


def test_a_foreign_address_is_out_of_reach() -> None:
    """An address that is not this machine's cannot be connected to, nor taken."""

    async def main() -> None:
        with pytest.raises(OSError, match="only servers of its own") as caught:
            await asyncio.open_connection("192.0.2.1", 80)
        assert caught.value.errno == errno.ENETUNREACH
        with pytest.raises(OSError, match=r"192\.0\.2\.1"):
            await asyncio.start_server(echo, "192.0.2.1", 0)

    run(main())


def test_names_need_no_thread() -> None:
    """The loop resolves a name itself: getaddrinfo starts no executor."""

    async def main() -> Any:
        loop: Any = asyncio.get_running_loop()
        found = await loop.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)
        assert loop._default_executor is None
        return [address for *_, address in found]

    assert run(main()) == [("127.0.0.1", 80), ("::1", 80, 0, 0)]


@pytest.mark.parametrize(
    ("listens", "asked"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("::1", "::1"),
        ("::1", "localhost"),
        ("::", "::1"),
    ],
)
def test_a_listener_is_found(listens: str, asked: str) -> None:
    """Loopback and wildcard listeners answer, of either family, by number and by name."""

    async def main() -> bytes:
        server, (_, port) = await serve(echo, listens)
        async with server:
            reader, writer = await asyncio.open_connection(asked, port)
            writer.write(b"hello")
            answer = await reader.readexactly(5)
            writer.close()
            return answer

    assert run(main()) == b"hello"


def test_families_have_addresses_of_their_own_shape() -> None:
    """Both ends tell the same two addresses: pairs for IPv4, four fields for IPv6."""

    async def main(listens: str, host: str) -> tuple[Any, Any]:
        addresses: asyncio.Queue[Any] = asyncio.Queue()

        async def tell(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            addresses.put_nowait((writer.get_extra_info("peername"), writer.get_extra_info("sockname")))
            writer.close()

        server, (_, port) = await serve(tell, listens)
        async with server:
            _, writer = await asyncio.open_connection(host, port)
            here = writer.get_extra_info("sockname"), writer.get_extra_info("peername")
            there = await addresses.get()
            writer.close()
            return here, there

    for listens, host, length in (
        ("127.0.0.1", "127.0.0.1", 2),
        ("0.0.0.0", "127.0.0.1", 2),
        ("::1", "::1", 4),
    ):
        here, there = run(main(listens, host))
        assert here == there
        assert {len(address) for address in here} == {length}
        assert here[1][0] == host


def test_port_0_is_a_free_port() -> None:
    """Each listener on port 0 gets a port of its own, and stays apart from the other."""

    async def main() -> None:
        async def say(name: bytes, writer: asyncio.StreamWriter) -> None:
            writer.write(name)
            writer.close()

        one, at_one = await serve(lambda _, writer: say(b"one", writer))
        two, at_two = await serve(lambda _, writer: say(b"two", writer))
        async with one, two:
            assert at_one != at_two
            for address, name in ((at_one, b"one"), (at_two, b"two")):
                reader, writer = await asyncio.open_connection(*address)
                assert await reader.read() == name
                writer.close()

    run(main())


@pytest.mark.parametrize(("first", "second"), list(itertools.product(("127.0.0.1", "0.0.0.0"), repeat=2)))
def test_a_port_in_use_is_refused(first: str, second: str) -> None:
    """A port has one listener, be either on the wildcard; it is free when that has closed."""

    async def main() -> None:
        server, (_, port) = await serve(echo, first)
        with pytest.raises(OSError, match=str(port)) as caught:
            await asyncio.start_server(echo, second, port)
        assert caught.value.errno == errno.EADDRINUSE
        server.close()
        (await asyncio.start_server(echo, second, port)).close()

    run(main())


def test_nobody_listening_is_refused() -> None:
    """Without a listener a connection is refused: before one listens, and after it closed."""

    async def main() -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            bound = sock.getsockname()
            server, closed = await serve(echo)
            server.close()
            for address in (bound, closed):
                with pytest.raises(ConnectionRefusedError, match=f"Connect call failed .*{address[1]}"):
                    await asyncio.open_connection(*address)

    run(main())


def test_datagrams_are_refused() -> None:
    """There are streams only."""
    with memory_network(), pytest.raises(OSError, match="rotocol") as caught:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    assert caught.value.errno == errno.EPROTONOSUPPORT


# --- streams


def test_streams_carry_both_ways_until_the_end() -> None:
    """What either side writes arrives in order; then comes the end."""

    async def main() -> tuple[bytes, bytes]:
        server, reader, writer = await connect_to(echo)
        async with server:
            for word in (b"one ", b"two ", b"three"):
                writer.write(word)
            first = await reader.readexactly(4)
            writer.write_eof()
            rest = await reader.read()
            writer.close()
            await writer.wait_closed()
            return first, rest

    assert run(main()) == (b"one ", b"two three")


def test_one_direction_can_end_alone() -> None:
    """After write_eof the other side can still answer, and this side reads it."""

    async def main() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            text = await reader.read()
            writer.write(text[::-1])
            writer.close()

        server, reader, writer = await connect_to(answer)
        async with server:
            writer.write(b"abc")
            writer.write_eof()
            with pytest.raises(RuntimeError, match="write_eof"):
                writer.write(b"d")
            said = await reader.read()
            writer.close()
            return said

    assert run(main()) == b"cba"


def test_what_was_written_before_the_end_arrives() -> None:
    """Closing at once loses nothing of what was written, though the reader comes late."""

    async def main() -> bytes:
        async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(BIG)
            writer.close()

        server, reader, writer = await connect_to(leave)
        async with server:
            await asyncio.sleep(0.01)
            said = await reader.read()
            writer.close()
            return said

    assert run(main()) == BIG


def test_large_transfers_go_through_whole() -> None:
    """Megabytes go both ways at once, through sockets that hold less."""

    async def main() -> bool:
        server, reader, writer = await connect_to(echo)
        async with server:

            async def send() -> None:
                for start in range(0, len(BIG), 10_000):
                    writer.write(BIG[start : start + 10_000])
                    await writer.drain()
                writer.write_eof()

            _, back = await asyncio.gather(send(), reader.read())
            writer.close()
            return back == BIG

    assert run(main())


def test_a_full_socket_pauses_who_writes() -> None:
    """With a peer that reads nothing writing is paused; it goes on as soon as the peer reads."""

    async def main() -> None:
        here, there, server = await pair()
        for end, other in ((here, there), (there, here)):
            end.transport.write(BIG)
            assert end.calls == ["pause"]
            await asyncio.sleep(0.01)
            assert (end.calls, other.size) == (["pause"], 0)
            assert 0 < end.transport.get_write_buffer_size() < len(BIG)
            other.transport.resume_reading()
            async with asyncio.timeout(5):
                await other.has(len(BIG))
            await asyncio.sleep(0)
            assert end.calls == ["pause", "resume"]
            assert end.transport.get_write_buffer_size() == 0
        here.transport.close()
        assert await there.lost is None
        server.close()

    run(main())


def test_paused_reading_leaves_what_comes() -> None:
    """A protocol that paused is given nothing until it resumes, and then all of it."""

    async def main() -> None:
        here, there, server = await pair()
        here.transport.write(b"abc")
        await asyncio.sleep(0.01)
        assert there.size == 0
        there.transport.resume_reading()
        await asyncio.sleep(0.01)
        assert there.size == 3
        here.transport.close()
        await there.lost
        server.close()

    run(main())


def test_a_buffered_protocol_gets_its_own_buffer_filled() -> None:
    """BufferedProtocol works: what arrives is put into the buffer that it gives."""

    class Buffered(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.buffer = bytearray(3)
            self.got: list[bytes] = []
            self.ended = asyncio.get_running_loop().create_future()

        def get_buffer(self, sizehint: int) -> bytearray:
            return self.buffer

        def buffer_updated(self, nbytes: int) -> None:
            self.got.append(bytes(self.buffer[:nbytes]))

        def connection_lost(self, exc: Exception | None) -> None:
            self.ended.set_result(exc)

    async def main() -> list[bytes]:
        async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"abcdefg")
            writer.close()

        server, address = await serve(speak)
        async with server:
            _, protocol = await asyncio.get_running_loop().create_connection(Buffered, *address)
            await protocol.ended
            return protocol.got

    assert run(main()) == [b"abc", b"def", b"g"]


def test_sendfile_sends_by_reading(tmp_path: Path) -> None:
    """loop.sendfile falls back to reading and writing; without the fallback it refuses."""
    (tmp_path / "big").write_bytes(BIG)

    async def main() -> bool:
        loop = asyncio.get_running_loop()

        async def send(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with (tmp_path / "big").open("rb") as file:
                with pytest.raises(asyncio.SendfileNotAvailableError):
                    await loop.sendfile(writer.transport, file, fallback=False)
                await loop.sendfile(writer.transport, file)
            writer.close()

        server, reader, writer = await connect_to(send)
        async with server:
            said = await reader.read()
            writer.close()
            return said == BIG

    assert run(main())


# --- how connections end


def test_writes_after_the_peer_has_gone_are_reset() -> None:
    """The first write after the peer's end goes nowhere unnoticed; soon drain raises ConnectionResetError."""

    async def main() -> None:
        async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        server, reader, writer = await connect_to(leave)
        async with server:
            assert await reader.read() == b""
            writer.write(b"anybody?")
            await writer.drain()
            with pytest.raises(ConnectionResetError, match="Connection lost"):  # noqa: PT012
                for _ in range(3):
                    writer.write(b"anybody?")
                    await writer.drain()
                    await asyncio.sleep(0)
            writer.close()

    run(main())


def test_closing_with_unread_bytes_resets() -> None:
    """Who closes without having read what came resets the connection, as the system does."""

    async def main() -> None:
        here, there, server = await pair()
        here.transport.write(b"never read")
        await asyncio.sleep(0.01)
        here.transport.resume_reading()
        there.transport.close()
        assert isinstance(await here.lost, ConnectionResetError)
        server.close()

    run(main())


def test_what_came_before_a_reset_is_read() -> None:
    """Bytes that arrived are read first, then the reset is raised once, then comes the end."""
    with memory_network():
        here, there = socket.socketpair()
        here.send(b"never read")
        there.send(b"last words")
        there.close()
        assert here.recv(100) == b"last words"
        with pytest.raises(ConnectionResetError):
            here.recv(100)
        assert here.recv(100) == b""
        with pytest.raises(BrokenPipeError):
            here.send(b"x")


def test_abort_throws_away_what_waits() -> None:
    """Abort ends at once: the peer gets what the socket held, not what waited behind it."""

    async def main() -> None:
        here, there, server = await pair()
        here.transport.write(BIG)
        here.transport.abort()
        assert await here.lost is None
        there.transport.resume_reading()
        assert await there.lost is None
        assert 0 < there.size < len(BIG)
        server.close()

    run(main())


def test_a_closed_server_keeps_its_connections() -> None:
    """Closing ends the listening, not what is connected; wait_closed waits for that since 3.12."""

    async def main() -> None:
        server, reader, writer = await connect_to(echo)
        writer.write(b"a")
        assert await reader.read(1) == b"a"
        server.close()
        closed = asyncio.create_task(server.wait_closed())
        await asyncio.sleep(0.01)
        assert closed.done() == (sys.version_info < (3, 12))
        writer.write(b"b")
        assert await reader.read(1) == b"b"
        writer.close()
        await asyncio.wait_for(closed, 1)

    run(main())


def test_shutdown_of_both_directions_ends_both_sides() -> None:
    """shutdown(SHUT_RDWR) is the end for whoever reads, here and there, and nothing can be sent."""
    with memory_network():
        here, there = socket.socketpair()
        here.shutdown(socket.SHUT_RDWR)
        assert (here.recv(1), there.recv(1)) == (b"", b"")
        with pytest.raises(BrokenPipeError):
            here.send(b"x")
    with memory_network(), pytest.raises(OSError, match="not connected"):
        socket.socket().shutdown(socket.SHUT_RDWR)


def test_a_listener_that_closes_resets_who_waits() -> None:
    """Connections that nobody accepted are reset when the listener closes."""
    with memory_network():
        listener = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        listener.close()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        assert client.recv(1) == b""


# --- threads


def test_a_call_from_a_thread_wakes_the_loop() -> None:
    """call_soon_threadsafe wakes a loop that sleeps without an end."""

    async def main() -> float:
        loop = asyncio.get_running_loop()
        called = loop.create_future()
        start = time.monotonic()
        timer = threading.Timer(0.05, loop.call_soon_threadsafe, [called.set_result, None])
        timer.start()
        await asyncio.wait_for(asyncio.shield(called), None)
        timer.join()
        return time.monotonic() - start

    assert 0.04 < run(main()) < 2


def test_an_executor_s_answer_wakes_the_loop() -> None:
    """run_in_executor runs a call in another thread and hands back what it returned."""

    async def main() -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        return threading.get_ident(), await loop.run_in_executor(None, threading.get_ident)

    here, there = run(main())
    assert here != there


def test_a_thread_s_client_reaches_the_loop_s_server() -> None:
    """Blocking sockets in a thread, here http.client's, talk to aiohttp in the loop."""

    async def hello(request: web.Request) -> web.Response:
        return web.Response(body=await request.read() + b"!")

    def ask(server: BaseTestServer) -> tuple[int, bytes]:
        link = HTTPConnection(str(server.host), server.port, timeout=5)
        link.request("POST", "/", body=b"hello" * 10**5)
        answer = link.getresponse()
        text = answer.read()
        link.close()
        return answer.status, text

    async def main() -> tuple[int, bytes]:
        app = web.Application()
        app.router.add_post("/", hello)
        async with TestServer(app) as server:
            return await asyncio.to_thread(ask, server)

    assert run(main()) == (200, b"hello" * 10**5 + b"!")


def test_blocking_sockets_carry_more_than_they_hold() -> None:
    """Between two threads sendall waits for room, and recv for bytes."""
    with memory_network():
        listener = socket.create_server(("127.0.0.1", 0))
        got: Future[bytes] = Future()

        def read() -> None:
            with listener.accept()[0] as sock, sock.makefile("rb") as file:
                got.set_result(file.read())

        (thread := threading.Thread(target=read)).start()
        with socket.create_connection(listener.getsockname()) as sock:
            sock.sendall(BIG)
        thread.join()
        listener.close()
    assert got.result() == BIG


def test_several_buffers_are_sent_as_one() -> None:
    """What sendmsg is given arrives in order; asyncio writes so since Python 3.12."""
    with memory_network():
        one, two = socket.socketpair()
        assert one.sendmsg([b"ab", memoryview(b"cd")]) == 4
        assert two.recv(100) == b"abcd"


def test_a_file_outlives_its_socket() -> None:
    """After close a socket stays open for the files made of it, as http.client's answers need."""
    with memory_network():
        one, two = socket.socketpair()
        with one.makefile("rb") as file:
            one.close()
            two.sendall(b"late")
            two.close()
            assert file.read() == b"late"
        assert one.fileno() == -1


def test_a_timeout_ends_a_wait() -> None:
    """A wait raises TimeoutError when its time is over, and BlockingIOError when it has none."""
    with memory_network():
        one, _two = socket.socketpair()
        one.settimeout(0.02)
        with pytest.raises(TimeoutError):
            one.recv(1)
        with pytest.raises(TimeoutError):
            one.sendall(BIG)
        one.setblocking(False)
        with pytest.raises(BlockingIOError):
            one.recv(1)
        with pytest.raises(BlockingIOError):
            one.send(b"x")


def test_the_loop_s_own_socket_calls_work() -> None:
    """sock_accept, sock_connect, sock_sendall and sock_recv need no transport."""

    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
            for sock in (listener, client):
                sock.setblocking(False)
            accepting = asyncio.create_task(loop.sock_accept(listener))
            await loop.sock_connect(client, listener.getsockname())
            accepted, address = await accepting
            assert address == client.getsockname()
            await loop.sock_sendall(client, b"hello")
            with accepted:
                return await loop.sock_recv(accepted, 100)

    assert run(main()) == b"hello"


# --- aiohttp


def test_aiohttp_s_server_and_client_talk() -> None:
    """Requests with bodies of any size are answered over one connection, which is kept."""
    peers = set()

    async def stream(request: web.Request) -> web.StreamResponse:
        assert request.transport
        peers.add(request.transport.get_extra_info("peername"))
        await (response := web.StreamResponse()).prepare(request)
        async for piece in request.content.iter_any():
            await response.write(piece)
        return response

    async def main() -> list[bool]:
        app = web.Application()
        app.router.add_post("/", stream)
        runner = web.AppRunner(app)
        await runner.setup()
        await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
        same = []
        async with ClientSession() as session:
            for body in (BIG, b"", b"small"):
                async with session.post(site.name, data=io.BytesIO(body)) as answer:
                    same.append(await answer.read() == body)
        await runner.cleanup()
        return same

    assert run(main()) == [True, True, True]
    assert len(peers) == 1


def test_a_websocket_talks_and_closes() -> None:
    """Messages go both ways, and so do close codes."""
    codes = []

    async def talk(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        async for message in ws:
            await ws.send_str(message.data.upper())
        codes.append(ws.close_code)
        return ws

    async def main() -> str:
        app = web.Application()
        app.router.add_get("/", talk)
        async with TestClient(TestServer(app)) as client:
            ws = await client.ws_connect("/")
            await ws.send_str("hello")
            answer = await ws.receive_str()
            await ws.close(code=4000)
            codes.append(ws.close_code)
            return answer

    assert run(main()) == "HELLO"
    assert codes == [4000, 1000]


def test_what_came_before_the_peer_was_gone_is_read() -> None:
    """A server that listens only after its client gave up still reads the message and the close code."""

    async def main() -> list[Any]:
        received: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        gone = asyncio.Event()

        async def late(request: web.Request) -> web.WebSocketResponse:
            await (ws := web.WebSocketResponse()).prepare(request)
            await gone.wait()
            received.set_result([(await ws.receive()).data, (await ws.receive()).type, ws.close_code])
            return ws

        app = web.Application()
        app.router.add_get("/", late)
        async with TestClient(TestServer(app)) as client:
            ws = await client.ws_connect("/", timeout=ClientWSTimeout(ws_close=0.01))
            await ws.send_str("stop")
            await ws.close(code=4000)
            gone.set()
            return await received

    assert run(main()) == ["stop", WSMsgType.CLOSE, 4000]


def test_numbers_are_no_files() -> None:
    """An open socket's number is unique and no file's; a closed one's is -1."""
    with memory_network():
        socks = [socket.socket() for _ in range(3)]
        numbers = {sock.fileno() for sock in socks}
        assert len(numbers) == 3
        assert min(numbers) >= 1 << 20
        socks[0].close()
        assert socks[0].fileno() == -1


# --- the snippets


@pytest.mark.filterwarnings("ignore")  # as a program's ResourceWarning is by default
@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: Path(path).stem)
def test_a_snippet_prints_on_memory_what_it_prints_on_sockets(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The recorded output of aiohttp's snippets is what they print on the memory."""
    with memory_network():
        runpy.run_module(module_name(path), run_name="__main__", alter_sys=True)
    assert capsys.readouterr().out == PROJECT.output(path)
