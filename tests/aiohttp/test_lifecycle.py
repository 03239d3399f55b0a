"""Proofs for the page aiohttp/lifecycle."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, assert_type

import pytest
from aiohttp import ClientConnectionError, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from snippets.aiohttp.lifecycle import app_key, events, frozen, interrupt, order, sites, stopping, tidy
from tests.client import ask
from tools.model import ROOT

HOST = "127.0.0.1"


async def start_server(app: web.Application, **options: Any) -> tuple[web.AppRunner, web.TCPSite]:
    """Start an application as production does: a runner, and a site on a free port."""
    runner = web.AppRunner(app, **options)
    await runner.setup()
    await (site := web.TCPSite(runner, HOST, 0)).start()
    return runner, site


def log_word(log: list[str], word: str) -> Any:
    """Return a callback that logs a word."""

    async def callback(app: web.Application) -> None:
        log.append(word)

    return callback


def context(log: list[str], name: str) -> Any:
    """Return a cleanup context that logs when it is entered and left."""

    async def enter_and_leave(app: web.Application) -> AsyncIterator[None]:
        log.append(f"{name} in")
        yield
        log.append(f"{name} out")

    return enter_and_leave


async def test_contexts_start_first_and_end_before_on_cleanup(capsys: pytest.CaptureFixture[str]) -> None:
    """Contexts enter before on_startup, whoever was registered first, and leave in reverse before on_cleanup: a new application already has their callbacks there.

    上下文先于 on_startup 进入，与登记的先后无关；离开时顺序相反，先于 on_cleanup：新建的应用里，两个信号都已经有了它们的回调。
    """  # noqa: E501
    new = web.Application()
    for signals in (new.on_startup, new.on_cleanup):
        assert [getattr(callback, "__self__", None) for callback in signals] == [new.cleanup_ctx]
    assert len(new.on_shutdown) == 0
    await order.main()
    assert capsys.readouterr().out.splitlines() == [
        "first context: in",
        "second context: in",
        "on_startup",
        "— serving —",
        "on_shutdown",
        "second context: out",
        "first context: out",
        "on_cleanup",
    ]


async def test_a_request_ends_between_on_shutdown_and_the_contexts() -> None:
    """After `setup` the application is frozen; `cleanup` leaves the contexts once running requests ended.

    `setup` 之后应用冻结；`cleanup` 等正在处理的请求做完，才离开上下文。
    """
    log: list[str] = []
    begun, told = asyncio.Event(), asyncio.Event()

    async def work(request: web.Request) -> web.Response:
        begun.set()
        await told.wait()
        await asyncio.sleep(0.1)
        log.append("request ends")
        return web.Response()

    async def tell(app: web.Application) -> None:
        log.append("on_shutdown")
        told.set()

    app = web.Application()
    app.router.add_get("/", work)
    app.cleanup_ctx.append(context(log, "context"))
    app.on_shutdown.append(tell)
    app.on_cleanup.append(log_word(log, "on_cleanup"))
    assert not app.frozen
    runner, site = await start_server(app)
    assert app.frozen
    async with ClientSession() as session:
        asking = asyncio.create_task(session.get(f"http://{HOST}:{site.port}"))
        await begun.wait()
        await runner.cleanup()
        assert (await asking).status == 200
    assert log == ["context in", "on_shutdown", "request ends", "context out", "on_cleanup"]


@pytest.mark.parametrize("where", ["on_startup", "a context"])
async def test_after_a_failed_startup_cleanup_leaves_what_was_entered(where: str) -> None:
    """When a startup or a context fails, `runner.cleanup()` leaves all contexts entered, but not a sub-application's, and calls neither signal.

    启动函数或者上下文失败之后，`runner.cleanup()` 离开已经进入的上下文，子应用的除外；两个信号都不触发。
    """  # noqa: E501
    log: list[str] = []

    async def fail(app: web.Application) -> None:
        raise LookupError

    async def fail_to_enter(app: web.Application) -> AsyncIterator[None]:
        await fail(app)
        yield

    app = web.Application()
    app.cleanup_ctx.extend([context(log, "first"), context(log, "second")])
    child = web.Application()
    child.cleanup_ctx.append(context(log, "child"))
    if where == "on_startup":
        app.add_subapp("/child", child)
        app.on_startup.append(fail)
    else:
        app.cleanup_ctx.append(fail_to_enter)
    app.on_shutdown.append(log_word(log, "on_shutdown"))
    app.on_cleanup.append(log_word(log, "on_cleanup"))
    runner = web.AppRunner(app)
    with pytest.raises(LookupError):
        await runner.setup()
    entered = ["first in", "second in", *["child in"] * (where == "on_startup")]
    assert log == entered
    await runner.cleanup()
    assert log == [*entered, "second out", "first out"]
    app.on_cleanup.freeze()
    await app.on_cleanup.send(app)  # what has been skipped would have made the child's leave
    assert log[len(entered) + 2 :] == ["child out"] * (where == "on_startup") + ["on_cleanup"]


async def test_a_context_that_fails_on_the_way_out_skips_on_cleanup() -> None:
    """If a context fails while leaving, the others of its application leave, and nothing else is called.

    一个上下文离开时出错，同一个应用的照样离开，子应用的不离开，on_cleanup 也不再触发。
    """
    log: list[str] = []

    async def fail(app: web.Application) -> AsyncIterator[None]:
        yield
        raise LookupError

    app = web.Application()
    app.cleanup_ctx.extend([context(log, "before"), fail, context(log, "after")])
    child = web.Application()
    child.cleanup_ctx.append(context(log, "child"))
    app.add_subapp("/child", child)
    app.on_cleanup.append(log_word(log, "on_cleanup"))
    runner, _ = await start_server(app)
    with pytest.raises(LookupError):
        await runner.cleanup()
    assert log == ["before in", "after in", "child in", "after out", "before out"]
    await app.on_cleanup.send(app)  # what has been skipped would have made the child's leave
    assert log[5:] == ["child out", "on_cleanup"]


async def test_an_on_shutdown_that_fails_leaves_no_context() -> None:
    """If an on_shutdown callback fails, cleanup ends with its error; the sites have stopped, no context left.

    A running request goes on, and is answered. No context of a sub-application is left either.

    on_shutdown 的回调出错，收尾马上以这个异常结束：一个上下文也不离开，子应用的也不离开，站点已经停下。
    正在处理的请求继续，得到响应。
    """
    log: list[str] = []
    begun, released = asyncio.Event(), asyncio.Event()

    async def work(request: web.Request) -> web.Response:
        begun.set()
        await released.wait()
        return web.Response()

    async def fail(app: web.Application) -> None:
        raise LookupError

    for callback, left in (
        (log_word(log, "on_shutdown"), ["on_shutdown", "second out", "first out", "child out", "on_cleanup"]),
        (fail, []),
    ):
        app = web.Application()
        app.cleanup_ctx.extend([context(log, "first"), context(log, "second")])
        child = web.Application()
        child.cleanup_ctx.append(context(log, "child"))
        app.add_subapp("/child", child)
        app.on_shutdown.append(callback)
        app.on_cleanup.append(log_word(log, "on_cleanup"))
        runner, _ = await start_server(app)
        with suppress(LookupError):
            await runner.cleanup()
        assert log == ["first in", "second in", "child in", *left]
        assert runner.addresses == []
        log.clear()
    for limit in (0.1, 60):  # the shorter would cut the request off, the longer would await it
        begun.clear()
        released.clear()
        app = web.Application()
        app.router.add_get("/", work)
        app.on_shutdown.append(fail)
        runner, site = await start_server(app, shutdown_timeout=limit)
        async with ClientSession() as session:
            asking = asyncio.create_task(session.get(site.name))
            await begun.wait()
            async with asyncio.timeout(5):
                with pytest.raises(LookupError):
                    await runner.cleanup()
            await asyncio.sleep(0.5)  # longer than two of the shorter
            assert not asking.done()
            released.set()
            assert (await asking).status == 200


async def test_two_sites_share_one_application(capsys: pytest.CaptureFixture[str]) -> None:
    """With an address and port 0 each site gets a port of its own at start; both serve one application, one may stop alone.

    Without a host there is a port for each of IPv4 and IPv6, and `port` is one of them.

    主机是地址、端口写 0，站点启动时各得一个真端口；两个站点共用一个应用，停掉一个，另一个不受影响。
    不写主机，IPv4 和 IPv6 各有一个端口，`port` 只是其中一个。
    """  # noqa: E501
    await sites.main()
    assert capsys.readouterr().out.splitlines() == [
        *["port above 0: True", "/hello"] * 2,
        "addresses left: 1",
    ]
    runner, first = await start_server(sites.build_app())
    second = web.TCPSite(runner, HOST, 0)
    assert second.port == 0
    await second.start()
    assert second.port not in (0, first.port)
    await first.stop()
    assert len(runner.addresses) == 1
    async with ClientSession() as session:
        with pytest.raises(ClientConnectionError):
            await session.get(f"{first.name}/hello")
        async with session.get(f"{second.name}/hello") as response:
            assert response.status == 200
    await runner.cleanup()
    await (runner := web.AppRunner(sites.build_app())).setup()
    await (everywhere := web.TCPSite(runner, port=0)).start()
    ports = [address[1] for address in runner.addresses]
    both = socket.has_dualstack_ipv6() or sys.platform == "emscripten"  # a page has IPv6 in memory
    assert len(set(ports)) == len(ports) == (2 if both else 1)
    assert everywhere.port in ports
    async with ClientSession() as session:
        for host, port, *_ in runner.addresses:
            local = "[::1]" if ":" in host else HOST
            async with session.get(f"http://{local}:{port}/hello") as response:
                assert response.status == 200
    await runner.cleanup()


async def test_a_taken_port_leaves_the_earlier_site_running() -> None:
    """When the second site finds its port taken, `start` raises OSError and the first goes on serving.

    第二个站点的端口已经有人用，`start` 抛 OSError，第一个站点照常服务。
    """
    runner, first = await start_server(sites.build_app())
    second = web.TCPSite(runner, HOST, first.port)
    with pytest.raises(OSError, match="in use"):
        await second.start()
    async with ClientSession() as session, session.get(f"{first.name}/hello") as response:
        assert response.status == 200
    await runner.cleanup()


async def test_a_server_outlives_the_variable_of_its_runner() -> None:
    """A server goes on serving when nobody holds its runner or its site any more.

    运行器和站点都没人拿着了，服务器照样服务。
    """
    session = ClientSession()

    async def start() -> str:
        return (await start_server(sites.build_app()))[1].name

    name = await start()
    gc.collect()
    async with session, session.get(f"{name}/hello") as response:
        assert response.status == 200
    for found in gc.get_objects():
        if isinstance(found, asyncio.Server) and found.is_serving():
            found.close()


async def test_a_late_route_is_lost_in_silence_or_refused() -> None:
    """A route put into the table after `add_routes` is a 404; a new path in the running app a RuntimeError.

    `add_routes` 之后才进表的路由，是 404；往运行中的应用里加新路径，是 RuntimeError。
    """
    app = frozen.build_app(web.RouteTableDef())
    async with TestClient(TestServer(app)) as client:
        with pytest.raises(RuntimeError, match="frozen router"):
            app.router.add_get("/later", frozen.ok)
        assert (await client.get("/in-time")).status == 200
        assert (await client.get("/late")).status == 404


async def test_routes_may_still_come_in_on_startup() -> None:
    """A callback of on_startup can still add a route.

    on_startup 的回调里还能加路由。
    """
    assert (await ask(frozen.build_app(web.RouteTableDef()), "/at-startup")).status == 200


async def test_a_sub_application_is_frozen_as_it_is_added() -> None:
    """`add_subapp` freezes a sub-application: from then on it takes no route and no middleware.

    `add_subapp` 就冻结子应用：应用还没有启动，子应用的路由器就不收路由，中间件列表也不能再改。
    """
    parent, child = web.Application(), web.Application()
    anything = web.middleware(log_word([], "called"))
    child.router.add_get("/early", anything)
    child.middlewares.append(anything)
    parent.add_subapp("/child", child)
    with pytest.raises(RuntimeError, match="frozen"):
        child.router.add_get("/late", anything)
    with pytest.raises(RuntimeError, match="frozen"):
        child.middlewares.append(anything)
    parent.router.add_get("/late", anything)
    parent.middlewares.append(anything)


async def test_storing_a_value_late_only_warns() -> None:
    """A value is stored in silence up to on_startup, in a context too; in a running application with a DeprecationWarning.

    最晚在 on_startup 或上下文里存值，没有警告；应用运行以后也存得进去，只多一个 DeprecationWarning。
    """  # noqa: E501
    key, early = web.AppKey("key", int), web.AppKey("early", list[str])

    async def resource(app: web.Application) -> AsyncIterator[None]:
        app[early] = ["context"]
        yield

    async def start(app: web.Application) -> None:
        app[early] = [*app[early], "on_startup"]

    app = sites.build_app()
    app.cleanup_ctx.append(resource)
    app.on_startup.append(start)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runner, _ = await start_server(app)
    text = "^Changing state of started or joined application is deprecated$"
    with pytest.warns(DeprecationWarning, match=text):
        app[key] = 1
    await runner.cleanup()
    assert app[key] == 1
    assert app[early] == ["context", "on_startup"]


async def test_an_open_websocket_costs_two_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An open WebSocket makes cleanup wait for the timeout twice, and is then cut off with 1006.

    WebSocket 开着，收尾要等两倍的时限，最后断开，代码是 1006。
    """
    monkeypatch.setattr(stopping, "TIMEOUT", 2)
    assert await stopping.stop_sockets(close_first=False) == "2 timeouts, close code 1006"


async def test_a_websocket_closed_in_on_shutdown_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A WebSocket closed in on_shutdown with 1001 keeps nobody waiting, and the client is told.

    在 on_shutdown 里用 1001 关掉 WebSocket，谁也不用等，客户端也知道了。
    """
    monkeypatch.setattr(stopping, "TIMEOUT", 3)  # 0 of them: less than half of one
    assert await stopping.stop_sockets(close_first=True) == "0 timeouts, close code 1001"


async def test_a_handler_that_waits_elsewhere_costs_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the handler waits for a queue, cleanup waits for a timeout although its WebSocket is closed.

    处理函数在等队列，WebSocket 虽然关闭了，收尾还是要等一个时限。
    """

    async def wait(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        request.app[stopping.OPEN].add(ws)
        await asyncio.Queue[str]().get()
        return ws

    monkeypatch.setattr(stopping, "TIMEOUT", 2)
    monkeypatch.setattr(stopping, "listen", wait)
    assert await stopping.stop_sockets(close_first=True) == "1 timeouts, close code 1001"


async def test_the_timeout_is_sixty_seconds_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless told otherwise, a runner's timeout is 60 seconds.

    不另外说明，运行器的时限是 60 秒。
    """
    waits: list[float | None] = []
    runner, _ = await start_server(web.Application())

    async def shutdown(*limits: float | None) -> None:
        waits.extend(limits)

    monkeypatch.setattr(runner.server, "shutdown", shutdown)
    await runner.cleanup()
    assert waits == [60.0]


@pytest.mark.parametrize(("limit", "ends"), [(0.1, True), (0, False)])
async def test_a_timeout_of_zero_is_no_limit(limit: float, ends: bool) -> None:
    """With an open WebSocket and `shutdown_timeout=0` cleanup waits until the client closes; with a small one it ends by itself.

    WebSocket 开着，`shutdown_timeout=0`，收尾就等到客户端关闭为止；设成很小的数，自己就会结束。
    """  # noqa: E501
    app = web.Application()
    app[stopping.OPEN] = set()
    app.router.add_get("/", stopping.listen)
    runner, site = await start_server(app, shutdown_timeout=limit)
    async with ClientSession() as session:
        ws = await session.ws_connect(site.name)
        cleaning = asyncio.create_task(runner.cleanup())
        await asyncio.wait([cleaning], timeout=2)
        assert cleaning.done() == ends
        await ws.close()
        await asyncio.wait_for(cleaning, 10)


@pytest.mark.parametrize("where", ["on_shutdown", "a context", "on_cleanup"])
async def test_callbacks_and_contexts_have_no_limit(where: str) -> None:
    """A callback of on_shutdown or on_cleanup, or a context that exits, may take twenty times `shutdown_timeout`: cleanup waits.

    on_shutdown 或 on_cleanup 的回调，或者正在退出的上下文，用的时间是 `shutdown_timeout` 的二十倍，cleanup 也等它做完。
    """  # noqa: E501
    log: list[str] = []

    async def work_long(app: web.Application) -> None:
        await asyncio.sleep(1)
        log.append("done")

    async def resource(app: web.Application) -> AsyncIterator[None]:
        yield
        await work_long(app)

    app = web.Application()
    if where == "a context":
        app.cleanup_ctx.append(resource)
    else:
        (app.on_shutdown if where == "on_shutdown" else app.on_cleanup).append(work_long)
    runner, _ = await start_server(app, shutdown_timeout=0.05)
    await runner.cleanup()
    assert log == ["done"]


@pytest.mark.parametrize(
    ("seconds", "limit", "end"), [(0.1, 30, "answered"), (1.5, 1, "answered"), (60, 1, "cancelled")]
)
async def test_a_request_may_finish_within_the_timeout(seconds: float, limit: int, end: str) -> None:
    """A request that ends within two timeouts is answered; one that does not is cancelled only after two, and left to itself.

    两个时限之内做得完的请求照常得到答复；做不完的，要过两个时限才会取消，之后不再等它。
    """  # noqa: E501
    log: list[str] = []
    cancelled_after: list[float] = []
    begun = asyncio.Event()

    async def work(request: web.Request) -> web.Response:
        begun.set()
        try:
            await asyncio.sleep(seconds)
            return web.Response()
        except asyncio.CancelledError:
            log.append("cancelled")
            cancelled_after.append(loop.time() - start)
            await released.wait()
            log.append("tidied up")
            raise

    async def resource(app: web.Application) -> AsyncIterator[None]:
        yield
        log.append("released")
        released.set()

    released = asyncio.Event()
    app = web.Application()
    app.router.add_post("/", work)
    app.cleanup_ctx.append(resource)
    runner, site = await start_server(app, shutdown_timeout=limit)
    loop = asyncio.get_running_loop()

    async def send(session: ClientSession) -> None:
        try:
            async with session.post(f"http://{HOST}:{site.port}"):
                log.append("answered")
        except ClientConnectionError:
            pass

    async with ClientSession() as session:
        sending = asyncio.create_task(send(session))
        await begun.wait()
        start = loop.time()
        await runner.cleanup()
        await sending
        await asyncio.sleep(0)
    assert log[:2] == [end, "released"]
    assert log[2:] == ["tidied up"] * (end == "cancelled")
    assert [after > 1.9 for after in cancelled_after] == [True] * (end == "cancelled")


async def test_a_request_that_waits_for_its_body_is_woken_after_one_timeout() -> None:
    """A handler that is reading a body gets a CancelledError after one timeout, and one more to end; one that sleeps after two.

    正在读正文的处理函数，过一个时限就得到 CancelledError，再有一个时限来结束；正在睡的，要过两个。
    """  # noqa: E501
    woken: dict[str, float] = {}
    ended: list[str] = []
    begun, loop = asyncio.Semaphore(0), asyncio.get_running_loop()

    async def read(request: web.Request) -> web.Response:
        begun.release()
        try:
            await (asyncio.sleep(60) if request.path == "/sleep" else request.read())
        except asyncio.CancelledError:
            woken[request.path] = loop.time() - start
            if request.path != "/sleep":
                await asyncio.sleep(0.3 if request.path == "/read" else 60)
                ended.append(request.path)
            raise
        return web.Response()

    app = web.Application()
    app.router.add_post("/{any:.*}", read)
    runner, _ = await start_server(app, shutdown_timeout=1)
    writers = []
    for path in ("/sleep", "/read", "/read/on"):
        _, writer = await asyncio.open_connection(*runner.addresses[0])
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode())
        await begun.acquire()
        writers.append(writer)
    start = loop.time()
    await runner.cleanup()
    await asyncio.sleep(0)
    assert 0.9 < woken["/read"] < 1.8
    assert ended == ["/read"]
    assert woken["/sleep"] > 1.9
    for writer in writers:
        writer.close()


async def test_cleanup_closes_the_door_before_it_waits() -> None:
    """During cleanup a new connection is refused before the shutdown callbacks run, on each site.

    收尾一开始，每个站点就都拒绝新的连接，那时关闭回调还没跑。
    """
    tried: list[str] = []

    async def connect(app: web.Application) -> None:
        for address in addresses:
            try:
                await asyncio.open_connection(*address)
            except OSError as error:
                tried.append(type(error).__name__)

    app = sites.build_app()
    app.on_shutdown.append(connect)
    runner, _ = await start_server(app)
    await web.TCPSite(runner, HOST, 0).start()
    addresses = runner.addresses
    await runner.cleanup()
    assert tried == ["ConnectionRefusedError"] * 2


async def test_an_idle_connection_is_closed_at_once() -> None:
    """A connection kept alive without a request takes no new one in cleanup, and is closed after on_shutdown, before the wait for requests.

    空闲的长连接，收尾开始后不再接受新请求；on_shutdown 之后、等请求做完之前就关闭。
    """  # noqa: E501
    begun, told, asked = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work(request: web.Request) -> web.Response:
        begun.set()
        await told.wait()
        return web.Response()

    async def request_again(app: web.Application) -> None:
        writer.write(request)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.5)  # neither a response nor the end
        assert idle.transport
        assert not idle.transport.is_closing()
        asked.set()

    app, request = sites.build_app(), b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
    app.router.add_get("/work/long", work)
    app.on_shutdown.append(request_again)
    runner, _ = await start_server(app, shutdown_timeout=30)
    reader, writer = await asyncio.open_connection(*runner.addresses[0])
    for _ in range(2):
        writer.write(request)
        await reader.readuntil(b"/hello")
    assert runner.server
    (idle,) = runner.server.connections
    _, busy = await asyncio.open_connection(*runner.addresses[0])
    busy.write(request.replace(b"/hello", b"/work/long"))
    await begun.wait()
    cleaning = asyncio.create_task(runner.cleanup())
    await asyncio.wait_for(asked.wait(), 10)
    assert await asyncio.wait_for(reader.read(), 10) == b""
    assert not cleaning.done()
    told.set()
    await asyncio.wait_for(cleaning, 10)
    for each in (writer, busy):
        each.close()


def test_only_a_loop_left_alone_skips_the_cleanup(capsys: pytest.CaptureFixture[str]) -> None:
    """After Ctrl-C `asyncio.run` and `run_app` clean up, `run_until_complete` does not; `run_app` does so too if it cannot listen, but not if `setup` failed: then only `finally` and `async with` run.

    按下 Ctrl-C，`asyncio.run` 和 `web.run_app` 会收尾，`run_until_complete` 不会；`run_app` 监听失败也会收尾，`setup` 出错就不会，只执行 `finally` 和 `async with`。
    """  # noqa: E501
    interrupt.main()
    assert capsys.readouterr().out.splitlines() == [
        "run_until_complete: startup",
        "asyncio.run: startup cleanup",
        "web.run_app: startup cleanup",
    ]

    async def fail(app: web.Application) -> None:
        raise KeyError

    async def fail_to_enter(app: web.Application) -> AsyncIterator[None]:
        await fail(app)
        yield

    async def guarded(app: web.Application) -> AsyncIterator[None]:
        async with ClientSession() as session:
            sessions.append(session)
            try:
                yield
            finally:
                log.append("finally")

    log: list[str] = []
    sessions: list[ClientSession] = []
    app = web.Application()
    app.cleanup_ctx.extend([context(log, "context"), guarded])
    with socket.create_server((HOST, 0)) as taken, pytest.raises(OSError, match="in use"):
        web.run_app(app, host=HOST, port=taken.getsockname()[1], print=None)
    assert log == ["context in", "finally", "context out"]
    for where in ("on_startup", "a context"):
        log.clear()
        app = web.Application()
        app.cleanup_ctx.extend([context(log, "context"), guarded])
        if where == "on_startup":
            app.on_startup.append(fail)
        else:
            app.cleanup_ctx.append(fail_to_enter)
        with pytest.raises(KeyError):
            web.run_app(app, host=HOST, port=0, print=None)
        assert log == ["context in", "finally"]
    assert [session.closed for session in sessions] == [True] * 3


SERVE = """
import asyncio
from aiohttp import web
from snippets.aiohttp.lifecycle.stopping import OPEN, close_all
async def wait(request):
    await (ws := web.WebSocketResponse()).prepare(request)
    app[OPEN].add(ws)
    await asyncio.Event().wait()
app = web.Application()
app[OPEN] = set()
app.router.add_get("/", wait)
app.on_shutdown.append(close_all)
class Site(web.TCPSite):
    async def stop(self):
        await super().stop()
        print("deaf", flush=True)  # no longer listens
async def serve():
    await (runner := web.AppRunner(app, shutdown_timeout=1)).setup()
    await Site(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("cancelled", flush=True)
        raise
    finally:
        print("finally", flush=True)
        await runner.cleanup()
        print("cleaned up", flush=True)
"""


@pytest.mark.parametrize(
    ("way", "code", "last"),
    [
        (
            "asyncio.new_event_loop().run_until_complete",
            1006,
            ["interrupted", "finally", "deaf"],
        ),
        ("asyncio.run", 1001, ["cancelled", "finally", "deaf", "cleaned up", "interrupted"]),
    ],
)
async def test_after_run_until_complete_a_client_is_not_told(way: str, code: int, last: list[str]) -> None:
    """After Ctrl-C, `run_until_complete` ends before `finally` begins, whose `cleanup` stops listening, and no more; `asyncio.run` cancels, and it runs to its end.

    按下 Ctrl-C 之后，`run_until_complete` 先返回，`finally` 才开始，其中的 `cleanup` 只停止监听；`asyncio.run` 取消协程，`finally` 执行完。
    """  # noqa: E501
    told = "except KeyboardInterrupt:\n    print('interrupted', flush=True)\n"
    program = f"{SERVE}\ntry:\n    {way}(serve())\n{told}"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert child.stdout
    port = int(await child.stdout.readline())
    async with ClientSession() as session:
        ws = await session.ws_connect(f"http://{HOST}:{port}")
        child.send_signal(signal.SIGINT)
        await asyncio.wait_for(ws.receive(), 30)
        assert ws.close_code == code
    assert (await child.stdout.read()).decode().splitlines() == last
    await child.wait()


def test_run_app_cleans_up_after_a_sigterm() -> None:
    """`web.run_app` handles SIGTERM as it does Ctrl-C.

    `web.run_app` 收到 SIGTERM，和 Ctrl-C 一样收尾。
    """
    log: list[str] = []

    async def terminate(app: web.Application) -> None:
        asyncio.get_running_loop().call_later(0.2, signal.raise_signal, signal.SIGTERM)

    app = web.Application()
    app.on_startup.append(terminate)
    app.on_cleanup.append(log_word(log, "cleanup"))
    web.run_app(app, host=HOST, port=0, print=None)
    assert log == ["cleanup"]


@pytest.mark.parametrize("way", ["asyncio.run", "web.run_app"])
@pytest.mark.parametrize("again", [False, True])
def test_a_second_ctrl_c_cuts_the_cleanup_short(way: str, again: bool) -> None:
    """After one Ctrl-C the cleanup runs to its end; one more while it waits, and it does not.

    按一次 Ctrl-C，收尾执行完；收尾正在等待时再按一次，就执行不完。
    """
    log: list[str] = []

    def press() -> None:
        asyncio.get_running_loop().call_later(0.2, signal.raise_signal, signal.SIGINT)

    async def start(app: web.Application) -> None:
        press()

    async def clean(app: web.Application) -> None:
        log.append("begins")
        if again:
            press()
        await asyncio.sleep(60 if again else 0)
        log.append("ends")

    async def serve() -> None:
        runner, _ = await start_server(app)
        try:
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    app = web.Application()
    app.on_startup.append(start)
    app.on_cleanup.append(clean)
    with suppress(KeyboardInterrupt, SystemExit):
        if way == "asyncio.run":
            asyncio.run(serve())
        else:
            web.run_app(app, host=HOST, port=0, print=None)
    assert log == (["begins"] if again else ["begins", "ends"])


async def test_a_forgotten_session_complains_when_it_is_collected() -> None:
    """A ClientSession that nobody closed gives a ResourceWarning when it is collected.

    没人关的 ClientSession，回收时报 ResourceWarning。
    """
    reports: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, about: reports.append(about["message"]))

    def forget() -> None:
        ClientSession()
        gc.collect()

    with pytest.warns(ResourceWarning, match="Unclosed client session"):
        forget()
    assert reports == ["Unclosed client session"]


async def test_serving_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    """After the block the session is closed and the client has been told 1001.

    块结束之后，会话已关，客户端收到了 1001。
    """
    await tidy.main()
    assert capsys.readouterr().out.splitlines() == [
        "session closed: False",
        "close code: 1001",
        "session closed: True",
    ]


async def test_serving_leaves_a_context_when_the_startup_fails() -> None:
    """When a startup callback fails, `serving` still leaves the contexts that were entered.

    启动回调失败，`serving` 照样离开已经进入的上下文。
    """
    log: list[str] = []

    async def fail(app: web.Application) -> None:
        raise LookupError

    app = web.Application()
    app.cleanup_ctx.append(context(log, "context"))
    app.on_startup.append(fail)
    with pytest.raises(LookupError):
        async with tidy.serving(app, HOST):
            raise AssertionError
    assert log == ["context in", "context out"]


ADDED_FILTERS = """
import warnings
old = warnings.filters[:]
from aiohttp import web
print([new for new in warnings.filters if new not in old and new[0] == "ignore"])
"""


async def test_a_string_as_key_draws_a_warning(tmp_path: Path) -> None:
    """A string as key works with a NotAppKeyWarning, shown by `-W default`, pytest and unittest, but hidden by aiohttp by default; an AppKey draws none.

    用字符串做键存得进去，但有 NotAppKeyWarning：aiohttp 默认不让它显示，加 `-W default`，或者用 pytest、unittest 运行，才显示；用 AppKey 就没有警告。
    """  # noqa: E501
    code = "web.Application()['count'] = 1"
    (tmp_path / "plain.py").write_text(f"from aiohttp import web\n{code}\n")
    (tmp_path / "test_pytest.py").write_text(f"from aiohttp import web\ndef test_it(): {code}\n")
    (tmp_path / "case.py").write_text(
        "import unittest\nfrom aiohttp import web\n"
        f"class Case(unittest.TestCase):\n    def test_it(self): {code}\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    runs = {
        ("plain.py",): False,
        ("-W", "default", "plain.py"): True,
        ("-m", "pytest", "-p", "no:cacheprovider", "test_pytest.py"): True,
        ("-m", "unittest", "case"): True,
        ("-c", ADDED_FILTERS): True,
    }
    for arguments, shown in runs.items():
        python = await asyncio.create_subprocess_exec(
            *(sys.executable, *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=tmp_path,
            env={**os.environ, "PYTHONWARNINGS": "", "PYTEST_ADDOPTS": ""},
        )
        output, _ = await python.communicate()
        assert python.returncode == 0
        assert (b"NotAppKeyWarning" in output) == shown, arguments
    app = web.Application()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app["count"] = 1
        app[web.AppKey("count", int)] = 2
    assert [warning.category for warning in caught] == [web.NotAppKeyWarning]
    assert str(caught[0].message).startswith("It is recommended to use web.AppKey instances for keys.")
    assert app["count"] == 1


async def test_an_app_key_is_itself_and_not_its_name() -> None:
    """Two AppKeys of one name and type are two keys: what is stored under one, the other does not find.

    两个 AppKey 名字和类型都相同，也是两个键：存在一个之下的值，用另一个找不到。
    """
    first, second = web.AppKey("COUNT", list[str]), web.AppKey("COUNT", list[str])
    app = web.Application()
    app[first] = ["a"]
    assert assert_type(app[first], list[str]) == ["a"]  # what mypy knows of it
    assert second not in app
    with pytest.raises(KeyError):
        app[second]
    with warnings.catch_warnings(action="ignore", category=web.NotAppKeyWarning):
        for library in ("one", "another"):
            app["db"] = library
    assert assert_type(app["db"], Any) == "another"


@pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning")
async def test_a_handler_finds_what_the_application_holds() -> None:
    """A handler gets the value stored under an AppKey from `request.app`, the same object each time.

    处理函数用 `request.app` 取到存在 AppKey 之下的值，每次都是同一个对象。
    """
    async with TestClient(TestServer(app_key.build_app())) as client:
        texts = [await (await client.get("/?name=x")).text() for _ in range(3)]
    assert texts == ["1 visits", "2 visits", "3 visits"]


@pytest.mark.parametrize(("tell", "seconds", "waited"), [(False, 2, "2 timeouts"), (True, 1.5, "0 timeouts")])
async def test_an_event_stream_has_to_be_told(tell: bool, seconds: float, waited: str) -> None:
    """An event stream holds cleanup up for two timeouts, unless on_shutdown tells it to end: then at once.

    事件流会让收尾等满两个时限，除非在 on_shutdown 里叫它结束，那就马上结束。
    """
    # 0 timeouts: less than half of one, and than the second after which the stream looks by itself
    assert await events.stop_streams(tell, seconds) == waited


@pytest.mark.parametrize(("options", "limit"), [({}, 60.0), ({"shutdown_timeout": 5}, 5)])
def test_run_app_has_the_same_timeout(
    options: dict[str, Any], limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`web.run_app` takes `shutdown_timeout` as well, and its default is 60 seconds too.

    `web.run_app` 也接受 `shutdown_timeout`，默认同样是 60 秒。
    """
    waits: list[float | None] = []

    async def shutdown(server: web.Server, *limits: float | None) -> None:
        waits.extend(limits)

    monkeypatch.setattr(web.Server, "shutdown", shutdown)
    web.run_app(interrupt.build_app([]), host=HOST, port=0, print=None, **options)
    assert waits == [limit]
