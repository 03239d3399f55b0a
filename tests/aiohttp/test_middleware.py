"""Proofs for the page aiohttp/middleware."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import aiohttp
import pytest
from aiohttp import FormData, ServerDisconnectedError, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

from snippets.aiohttp.middleware import (
    as_value,
    early,
    errors,
    matched,
    nested,
    onion,
    order,
    passed,
    reach,
    simple,
    skipped,
    timing,
)
from snippets.recreation.serving import serving
from tests.client import ask, trace


async def listen(request: web.Request) -> web.WebSocketResponse:
    """Send back what is received, until the client closes."""
    await (ws := web.WebSocketResponse()).prepare(request)
    async for message in ws:
        await ws.send_str(message.data)
    return ws


@pytest.mark.parametrize(
    ("method", "status", "mode"),
    [("GET", 200, "read-only"), ("HEAD", 200, "read-only")]
    + [(method, 403, None) for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS")],
)
async def test_a_middleware_refuses_and_marks(
    method: str, status: int, mode: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`read_only` lets GET and HEAD through, with a header on the response; it refuses other methods.

    `read_only` 放行 GET 和 HEAD，并给响应加上响应头；别的方法被拒绝，处理函数不执行。
    """
    monkeypatch.setattr(simple, "hello", called := AsyncMock(wraps=simple.hello))
    response = await ask(simple.build_app(), "/", method)
    assert (response.status, response.headers.get("X-Mode")) == (status, mode)
    assert called.await_count == (status == 200)
    if method == "GET":
        assert await response.text() == "hello"


@pytest.mark.statement("S27")
async def test_first_in_the_list_is_outermost(capsys: pytest.CaptureFixture[str]) -> None:
    """A request enters the middlewares in list order and its response leaves them in reverse.

    请求按列表顺序进入中间件，响应按相反顺序离开。
    """
    await ask(order.build_app())
    printed = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert printed == ["outer: before", "inner: before", "handler", "inner: after", "outer: after"]


@pytest.mark.statement("S27", "S28")
async def test_a_parents_middlewares_wrap_a_childs(capsys: pytest.CaptureFixture[str]) -> None:
    """A sub-application's middlewares run inside the parent's, and only at its own prefix and below it.

    子应用的中间件在父应用的里面执行，而且只对自己的前缀和它之下的路径执行。
    """
    for path, layers in {
        "/child/leaf": ["outer", "inner", "handler", "inner", "outer"],
        "/child/none": ["outer", "inner"],
        "/child": ["outer", "inner"],
        "/none": ["outer"],
        "/children/leaf": ["outer"],
    }.items():
        await ask(nested.build_app(), path)
        assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == layers


async def test_request_app_follows_the_layer(capsys: pytest.CaptureFixture[str]) -> None:
    """`request.app` is the parent in the parent's middleware and the child further in, on the way out too.

    在父应用的中间件里 `request.app` 是父应用，再往里就是子应用，出来时也一样。
    """
    await ask(nested.build_app(), "/child/leaf")
    lines = capsys.readouterr().out.splitlines()[:3]
    assert [line.split()[-1] for line in lines] == ["parent", "child", "child"]

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            seen.append(request.app[nested.NAME])

    seen: list[str] = []
    for leaf, leaving in ((nested.leaf, ["child", "parent"]), (skipped.raised, ["child", "parent"])):
        child = web.Application(middlewares=[look])
        child.router.add_get("/leaf", leaf)
        parent = web.Application(middlewares=[look])
        parent.add_subapp("/child", child)
        child[nested.NAME], parent[nested.NAME] = "child", "parent"
        await ask(parent, "/child/leaf")
        assert seen == leaving
        seen.clear()


@pytest.mark.statement("S28", "S35")
@pytest.mark.parametrize("name", ["found", "HEAD", "no such path", "wrong method"])
async def test_unrouted_requests_reach_a_middleware(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A middleware sees found pages, HEAD, 404 and 405 alike.

    找到的页面、HEAD、404、405，中间件都看得到。
    """
    async with TestServer(reach.build_app()) as server:
        status = await reach.ask(server, reach.REQUESTS[name])
    assert status == {"found": 200, "HEAD": 200, "no such path": 404, "wrong method": 405}[name]
    assert capsys.readouterr().out == "seen, "


UNPARSABLE = {
    "no colon": "GET /page HTTP/1.1\r\nno colon here",
    "blank before the colon": "GET /page HTTP/1.1\r\nX-Kind : a",
    "no path": "GET HTTP/1.1",
    "unknown method": "MINE /page HTTP/1.1",
    "two lengths": "POST /page HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
    "long line": f"GET /{'a' * 9000} HTTP/1.1",
    "long header": f"GET /page HTTP/1.1\r\nX-Kind: {'a' * 9000}",
    "many headers": "GET /page HTTP/1.1" + "\r\nX-Kind: a" * 200,
    "two hosts": "GET /page HTTP/1.1\r\nHost: y",
    "TLS": "\x16\x03\x01",
}


@pytest.mark.statement("S26", "S28")
@pytest.mark.parametrize("request_head", [reach.REQUESTS["broken header"], *UNPARSABLE.values()])
async def test_refused_before_any_middleware(request_head: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused Expect (417) and a head that does not parse (400) are answered before any middleware.

    不支持的 Expect（417），以及解析不了的请求行和请求头（400），在所有中间件之前就有了响应。
    """
    async with TestServer(reach.build_app()) as server:
        refused = "GET /page HTTP/1.1\r\nExpect: a-miracle"
        assert await reach.ask(server, refused.replace("1.1", "1.0")) == 200
        assert capsys.readouterr().out == "seen, "
        assert await reach.ask(server, refused) == 417
        assert await reach.ask(server, request_head) == 400
        assert capsys.readouterr().out == ""
        assert await reach.ask(server, reach.REQUESTS["found"]) == 200
    assert capsys.readouterr().out == "seen, "


@pytest.mark.statement("S26")
async def test_the_route_is_settled_before_the_first_middleware() -> None:
    """`match_info` names the handler in the first middleware; only a View takes the method of a clone.

    第一个中间件里，`match_info` 就已经是处理函数；换路径、换方法也改不了它，只有 View 会用副本的方法。
    """
    seen: list[object] = []

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        seen.append(request.match_info.handler)
        return await handler(request.clone(method="POST", rel_url="/other"))

    async def other(request: web.Request) -> web.Response:
        return web.Response(text="other")

    app = web.Application(middlewares=[look])
    app.router.add_get("/page", reach.page)
    app.router.add_post("/other", other)
    assert await (await ask(app, "/page")).text() == "page"
    assert seen == [reach.page]
    assert (await ask(app, "/api/page")).status == 404  # though `/other` exists

    class View(web.View):
        async def get(self) -> web.Response:
            return web.Response(text="get of the view")

        async def post(self) -> web.Response:
            return web.Response(text="post of the view")

    app = web.Application(middlewares=[look])
    app.router.add_view("/page", View)
    app.router.add_post("/other", other)
    assert await (await ask(app, "/page")).text() == "post of the view"


@pytest.mark.statement("S29")
async def test_a_handler_sees_stored_values_and_cloned_headers() -> None:
    """A handler finds what a middleware stored under a RequestKey, and headers changed by `clone`, unless it read first.

    The headers of the request itself cannot be assigned to.

    中间件存进 RequestKey 的值、用 `clone` 换掉的头部，处理函数都看得到；用 `read` 等读过正文，就不能 `clone` 了。
    请求自己的头部不能赋值。
    """  # noqa: E501
    user = web.RequestKey("user", str)

    @web.middleware
    async def prepare(request: web.Request, handler: Handler) -> web.StreamResponse:
        with pytest.raises(TypeError, match="does not support item assignment"):
            request.headers["X-Kind"] = "changed"  # type: ignore[index]
        changed = request.clone(headers={"X-Kind": "changed"})
        changed[user] = "bob"
        if request.path == "/content":
            assert await request.content.read() == b'"body"'
            request.clone()
        elif request.path == "/multipart":
            await request.post()
            request.clone()
        elif request.can_read_body:
            await {
                "/post": request.post,
                "/read": request.read,
                "/text": request.text,
                "/json": request.json,
            }[request.path]()
            with pytest.raises(RuntimeError, match="Cannot clone request after reading"):
                request.clone()
        return await handler(changed)

    async def show(request: web.Request) -> web.Response:
        return web.json_response([request[user], request.headers["X-Kind"]])

    app = web.Application(middlewares=[prepare])
    app.router.add_post("/{way:.*}", show)
    multipart = FormData({"name": "value"})
    multipart.add_field("file", b"", filename="f")
    sent: list[tuple[str, Any]] = [(f"/{way}", b'"body"') for way in ("read", "text", "json", "content")]
    for path, data in (("/", b""), *sent, ("/post", {"name": "value"}), ("/multipart", multipart)):
        response = await ask(app, path, method="POST", data=data)
        assert await response.json() == ["bob", "changed"]


@pytest.mark.statement("S30")
async def test_a_raised_response_skips_the_line_after_await() -> None:
    """If the handler raises a 404 or another exception, the code after `await handler(request)` does not run.

    处理函数抛出 404 或别的异常时，`await handler(request)` 之后的代码不会执行。
    """
    assert "X-Stamp" in (await ask(skipped.build_app(), "/returned")).headers
    assert "X-Stamp" not in (await ask(skipped.build_app(), "/raised")).headers
    assert "X-Stamp" not in (await ask(skipped.build_app(), "/none")).headers
    after: list[str] = []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        after.append(request.path)
        return response

    app = web.Application(middlewares=[note])
    for handler in (errors.broken, skipped.raised, skipped.returned):
        app.router.add_get(f"/{handler.__name__}", handler)
    async with TestClient(TestServer(app)) as client:
        statuses = [(await client.get(path)).status for path in ("/broken", "/raised", "/returned")]
    assert (statuses, after) == ([500, 404, 404], ["/returned"])


@pytest.mark.parametrize(
    ("handler", "after"),
    [
        (onion.returned, ["handler", "Tag out", "Log out", "send X-Log X-Tag"]),
        (onion.raised, ["handler", "Tag skipped", "Log skipped", "send"]),
        (onion.streamed, ["handler", "send", "Tag out", "Log out"]),
        (onion.websocket, ["handler", "send", "message hello", "closed", "Tag out", "Log out"]),
    ],
)
async def test_of_four_answers_only_the_returned_one_gets_the_headers(
    handler: Handler, after: list[str]
) -> None:
    """A header added after `await` reaches the client if the handler returns, not if it raises or sends.

    `await` 之后加的响应头，处理函数返回响应时会到达客户端；处理函数抛出，或者自己先发送，就不会。
    """
    app = onion.build_app(handler)
    async with TestClient(TestServer(app)) as client:
        if handler is onion.websocket:
            async with client.ws_connect("/") as socket:
                await socket.send_str("hello")
                headers = socket._response.headers
        else:
            headers = (await client.get("/")).headers
    seen = app[onion.TRACE]
    assert seen == ["Log in", "Tag in", *after]
    send = next(event for event in seen if event.startswith("send"))
    assert sorted(header for header in headers if header in ("X-Log", "X-Tag")) == send.split()[1:]


@pytest.mark.statement("S30")
async def test_a_raised_response_can_be_caught_and_changed() -> None:
    """A middleware that catches a raised response can change it, and raise it again.

    中间件捕获抛出的响应，可以改它，再抛出。
    """

    @web.middleware
    async def stamp(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            error.headers["X-Stamp"] = "caught"
            raise

    for path in ("/raised", "/none"):
        app = web.Application(middlewares=[stamp])
        app.router.add_get("/raised", skipped.raised)
        response = await ask(app, path)
        assert (response.status, response.headers["X-Stamp"]) == (404, "caught")


@pytest.mark.statement("S25", "S30")
async def test_a_stream_has_sent_its_headers_already() -> None:
    """A header set after `await handler(request)` is too late, without an error, once a response has been prepared.

    响应一旦 prepare，`await handler(request)` 之后再改头部就来不及了，也不报错。
    """  # noqa: E501
    for path, status, stamped in (("/streamed", 200, False), ("/returned", 404, True)):
        log: list[str] = []
        app = skipped.build_app()
        app.middlewares.insert(0, trace(log, "A"))
        response = await ask(app, path)
        assert (response.status, "X-Stamp" in response.headers) == (status, stamped)
        assert log == ["A>", f"A<{status}"]


@pytest.mark.statement("S30")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/returned", 404),
        ("/raised", 404),
        ("/streamed", 200),
        ("/none", 404),
        ("POST /returned", 405),
        ("Expect", 417),
        ("/broken", 500),
        ("/nothing", 500),
        ("/late", 504),
        ("/ws", 101),
    ],
)
async def test_on_response_prepare_sees_every_answer(path: str, status: int) -> None:
    """on_response_prepare runs for returned, raised and streamed responses, 404, 405, 417, 500, 504 and 101.

    不论响应是返回的、抛出的还是流式的，还是 404、405、417、500、504、101，on_response_prepare 都会执行。
    """

    async def nothing(request: web.Request) -> None:
        pass

    async def late(request: web.Request) -> web.Response:
        raise TimeoutError

    app = skipped.build_app()
    app.router.add_get("/broken", errors.broken)
    app.router.add_get("/nothing", nothing)  # type: ignore[arg-type]
    app.router.add_get("/late", late)
    app.router.add_get("/ws", listen)
    async with TestClient(TestServer(app)) as client:
        if path == "/ws":
            ws = await client.ws_connect(path)
            assert "X-Signal" in ws._response.headers
            await ws.close()
            return
        method, _, path = path.rpartition(" ")
        headers = {"Expect": "a-miracle"} if path == "Expect" else {}
        response = await client.request(method or "GET", f"/{path.strip('/')}", headers=headers)
    assert (response.status, "X-Signal" in response.headers) == (status, True)


@pytest.mark.parametrize("request_head", [reach.REQUESTS["broken header"], *UNPARSABLE.values()])
async def test_on_response_prepare_does_not_see_the_400_of_the_parser(request_head: str) -> None:
    """The 400 for a request that does not parse leaves without the signal.

    解析不了的请求得到的 400，不经过这个信号。
    """
    signals: list[int] = []

    async def signal(request: web.Request, response: web.StreamResponse) -> None:
        signals.append(response.status)

    app = reach.build_app()
    app.on_response_prepare.append(signal)
    async with TestServer(app) as server:
        assert await reach.ask(server, request_head) == 400
        assert await reach.ask(server, reach.REQUESTS["found"]) == 200
    assert signals == [200]


@pytest.mark.parametrize("path", ["/returned", "/raised", "/streamed", "/none"])
async def test_the_signal_can_drop_the_server_header(path: str) -> None:
    """Each response names aiohttp's version and Python's in `Server`, unless the signal drops it.

    Two callbacks may drop it by `pop`; with `del` the second one raises, and no response is sent.

    每个响应的 `Server` 里都有 aiohttp 和 Python 的版本号，信号可以把它去掉。
    两个回调都用 `pop` 没有问题；都用 `del`，第二个抛出异常，响应发不出去。
    """

    async def drop(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.pop("Server", None)

    async def delete(request: web.Request, response: web.StreamResponse) -> None:
        del response.headers["Server"]

    python = ".".join(map(str, sys.version_info[:2]))
    named = (await ask(skipped.build_app(), path)).headers["Server"]
    assert named == f"Python/{python} aiohttp/{aiohttp.__version__}"
    app = skipped.build_app()
    app.on_response_prepare.extend([drop, drop])
    app.router.add_get("/ws", listen)
    async with TestClient(TestServer(app)) as client:
        assert "Server" not in (await client.get(path)).headers
        async with client.ws_connect("/ws") as ws:
            assert "Server" not in ws._response.headers
    app = skipped.build_app()
    app.on_response_prepare.append(delete)
    assert "Server" not in (await ask(app, path)).headers
    app = skipped.build_app()
    app.on_response_prepare.extend([delete, delete])
    with pytest.raises(ServerDisconnectedError):
        await ask(app, path)


@pytest.mark.statement("S30")
async def test_the_signal_runs_after_every_middleware() -> None:
    """`prepare` and the signal run after all middlewares; for a stream the signal runs in the handler.

    普通响应的 `prepare` 和信号在所有中间件之后执行；流式响应的信号在处理函数里面执行。
    """
    log: list[str] = []

    class Ordinary(web.Response):
        async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
            log.append("prepare")
            return await super().prepare(request)

    async def ordinary(request: web.Request) -> web.Response:
        return Ordinary()

    async def signal(request: web.Request, response: web.StreamResponse) -> None:
        log.append("signal")

    app = web.Application(middlewares=[trace(log, "A"), trace(log, "B")])
    app.on_response_prepare.append(signal)
    app.router.add_get("/ordinary", ordinary)
    app.router.add_get("/returned", skipped.returned)
    app.router.add_get("/streamed", skipped.streamed)
    await ask(app, "/returned")
    assert log == ["A>", "B>", "B<404", "A<404", "signal"]
    log.clear()
    await ask(app, "/ordinary")
    assert log == ["A>", "B>", "B<200", "A<200", "prepare", "signal"]
    log.clear()
    await ask(app, "/streamed")
    assert log == ["A>", "B>", "signal", "B<200", "A<200"]


@pytest.mark.statement("S25")
async def test_no_byte_leaves_before_the_middleware_is_done() -> None:
    """While a middleware still holds an ordinary response, no byte of it has arrived; a stream's head has.

    中间件还没返回时，普通响应一个字节也没到；流式响应的头部已经到了。
    """
    holding, gate = asyncio.Event(), asyncio.Event()

    @web.middleware
    async def hold(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if request.path != "/other":
            holding.set()
            await gate.wait()
        return response

    app = web.Application(middlewares=[hold])
    app.router.add_get("/returned", skipped.returned)
    app.router.add_get("/streamed", skipped.streamed)
    app.router.add_get("/other", skipped.returned)
    async with TestClient(TestServer(app)) as client:
        for path in ("/streamed", "/returned"):
            holding.clear()
            reader, writer = await asyncio.open_connection(client.host, client.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            first_byte = asyncio.create_task(reader.read(1))
            await asyncio.wait_for(holding.wait(), 10)
            assert (await client.get("/other")).status == 404
            assert first_byte.done() == (path == "/streamed")
            gate.set()
            assert await asyncio.wait_for(first_byte, 10) == b"H"
            writer.close()
            gate.clear()


@pytest.mark.parametrize("error", [ValueError, TimeoutError, web.HTTPNotFound])
async def test_an_exception_in_the_signal_leaves_no_answer(error: type[Exception]) -> None:
    """An exception inside on_response_prepare closes the connection without any response.

    on_response_prepare 里抛异常，连接直接关闭，客户端收不到任何响应。
    """

    async def fail(request: web.Request, response: web.StreamResponse) -> None:
        raise error

    for path in ("/returned", "/raised", "/streamed", "/none"):
        app = skipped.build_app()
        app.on_response_prepare.append(fail)
        with pytest.raises(ServerDisconnectedError):
            await ask(app, path)


@pytest.mark.statement("S32")
@pytest.mark.parametrize(
    ("query", "status", "ran"),
    [("?key=open", 200, True), ("?key=old", 302, False), ("?key=shut", 403, False), ("", 403, False)],
)
async def test_an_early_answer_keeps_the_handler_from_running(
    query: str, status: int, ran: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether a middleware raises or returns its answer, neither the handler nor an inner middleware runs.

    中间件提前给出响应，不管是抛出还是返回，处理函数和更里层的中间件都不会执行。
    """
    log: list[str] = []
    app = early.build_app()
    app.middlewares.append(trace(log, "inner"))
    assert (await ask(app, f"/{query}", allow_redirects=False)).status == status
    assert ("handler runs" in capsys.readouterr().out) == ran
    assert log == ["inner>", "inner<200"] * ran


@pytest.mark.statement("S30", "S32")
@pytest.mark.parametrize(
    ("query", "status", "stamped"), [("?key=shut", 403, True), ("", 403, False), ("?key=old", 302, False)]
)
async def test_outer_layers_see_a_returned_answer_only(query: str, status: int, stamped: bool) -> None:
    """A 403 that is returned comes back to the outer middleware's line after `await`; a raised one does not.

    返回的 403 会回到外层中间件 `await` 之后的那一行，抛出的不会。
    """
    app = early.build_app()
    app.middlewares.insert(0, skipped.stamp)
    response = await ask(app, f"/{query}", allow_redirects=False)
    assert (response.status, "X-Stamp" in response.headers) == (status, stamped)


@pytest.mark.statement("S32")
async def test_returning_an_http_exception_warns() -> None:
    """An HTTPException that is returned works, with a DeprecationWarning; no outer `except` sees it.

    返回 HTTPException 也能用，但有 DeprecationWarning；外层的 `except` 看不到它。
    """

    @web.middleware
    async def old(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.HTTPNotFound()

    text = r"returning HTTPException object is deprecated \(#2415\) and will be removed"
    with pytest.warns(DeprecationWarning, match=text) as warned:
        assert (await ask(web.Application(middlewares=[old]))).status == 404
    (place,) = [Path(one.filename) for one in warned if "#2415" in str(one.message)]
    assert place.parent.name == "aiohttp"  # not `__main__`, so Python hides it
    log: list[str] = []
    with pytest.warns(DeprecationWarning, match="returning HTTPException"):
        assert (await ask(web.Application(middlewares=[trace(log, "A"), old]))).status == 404
    assert log == ["A>", "A<404"]


async def test_except_exception_swallows_a_404() -> None:
    """A middleware with `except Exception` turns a 404 into its own 500, unless it passes HTTPException on; other errors are JSON.

    中间件里写 `except Exception`，404 会变成它自己的 500，除非先放行 HTTPException；其余的错误变成 JSON。
    """  # noqa: E501
    assert issubclass(web.HTTPException, Exception)
    for middleware, path, name in (
        (errors.greedy, "/none", "HTTPNotFound"),
        (errors.greedy, "/broken", "ZeroDivisionError"),
        (errors.careful, "/broken", "ZeroDivisionError"),
    ):
        response = await ask(errors.build_app(middleware), path)
        assert (response.status, await response.json()) == (500, {"error": name})
    assert (await ask(errors.build_app(errors.careful), "/none")).status == 404


@pytest.mark.parametrize("middleware", [errors.careful, errors.greedy])
async def test_an_error_of_a_stream_does_not_become_json(middleware: Middleware) -> None:
    """If a stream or a WebSocket fails after its headers, with or without data, the connection ends; no JSON is in it.

    A middleware that does not look at `output_size` sends its JSON into the stream.
    A 404 raised after the headers does end up in the stream, as without a middleware.

    流式响应和 WebSocket 发出响应头之后出错，不管有没有发过数据，连接都直接结束，里面没有 JSON。
    中间件如果不看 `output_size`，它的 JSON 就混进流里。
    响应头之后抛出的 404 则混进流里，没有中间件时也一样。
    """  # noqa: E501

    async def prepared(request: web.Request) -> web.StreamResponse:
        await web.StreamResponse().prepare(request)
        raise ZeroDivisionError

    async def written(request: web.Request) -> web.StreamResponse:
        await (response := web.StreamResponse()).prepare(request)
        await response.write(b"first")
        raise ZeroDivisionError

    async def socket(request: web.Request) -> web.StreamResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.send_str("first")
        raise ZeroDivisionError

    async def refused(request: web.Request) -> web.StreamResponse:
        await web.StreamResponse().prepare(request)
        raise web.HTTPNotFound

    @web.middleware
    async def hasty(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ZeroDivisionError:
            return web.json_response({"error": "hasty"}, status=500)

    mixed = web.Application(middlewares=[hasty])
    for handler in (written, socket):
        mixed.router.add_get(f"/{handler.__name__}", handler)
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
    async with TestServer(mixed) as server:
        for path, more, status in (
            ("/written", "X: y", b"200"),
            ("/socket", f"{upgrade}{'A' * 22}==", b"101"),
        ):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n\r\n".encode())
            received = await asyncio.wait_for(reader.readuntil(b'{"error": "hasty"}'), 10)
            assert (received.split()[1], b"first" in received) == (status, True)
            writer.close()

    bare = web.Application()
    bare.router.add_get("/", refused)
    for stream in (errors.build_app(middleware), bare):
        if stream is not bare:
            stream.router.add_get("/", refused)
        async with TestServer(stream) as server:
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            head, _, rest = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
            assert head.split()[1] == b"200"
            assert rest.startswith(b"HTTP/1.1 404 Not Found\r\n")
            writer.close()
    app = errors.build_app(middleware)
    for handler in (prepared, written, socket):
        app.router.add_get(f"/{handler.__name__}", handler)
    async with TestClient(TestServer(app)) as client:
        for path, body in (("/prepared", b""), ("/written", b"5\r\nfirst\r\n")):
            reader, writer = await asyncio.open_connection(client.host, client.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head, _, rest = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
            assert (head.split()[1], rest) == (b"200", body)
            writer.close()
        async with client.ws_connect("/socket") as ws:
            kinds = [(await asyncio.wait_for(ws.receive(), 10)).type for _ in range(2)]
        assert kinds == [aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.CLOSED]
        assert (await client.get("/broken")).status == 500


@pytest.mark.statement("S38")
async def test_one_middleware_serves_two_applications() -> None:
    """The same middleware object works in two applications at once.

    同一个中间件对象可以同时用在两个应用里。
    """
    log: list[str] = []
    shared = trace(log, "A")
    apps = [web.Application(middlewares=[shared]) for _ in range(2)]
    async with TestClient(TestServer(apps[0])) as one, TestClient(TestServer(apps[1])) as other:
        for client in (one, other, one):
            assert (await client.get("/")).status == 404
    assert log == ["A>", "A!HTTPNotFound"] * 3


async def test_the_list_is_frozen_once_the_server_runs() -> None:
    """`app.middlewares` may grow until the application has started; then any change raises RuntimeError.

    应用启动完成之前可以往 `app.middlewares` 里加，之后再改就抛 RuntimeError。
    """

    async def add(app: web.Application) -> None:
        app.middlewares.append(trace(log, "B"))

    log: list[str] = []
    app = order.build_app()
    app.middlewares.append(trace(log, "A"))
    app.on_startup.append(add)
    async with TestClient(TestServer(app)) as client:
        for change in (
            lambda: app.middlewares.append(timing.timing),
            lambda: app.middlewares.insert(0, timing.timing),
            lambda: app.middlewares.pop(),
            lambda: app.middlewares.clear(),
        ):
            with pytest.raises(RuntimeError, match="frozen"):
                change()
        await client.get("/")
        assert log == ["A>", "B>", "B<200", "A<200"]


@pytest.mark.statement("S37")
async def test_finally_runs_when_the_handler_raises() -> None:
    """What stands in `finally` runs however the handler ends: by a response, an exception or a cancellation.

    处理函数不管怎样结束，返回响应、抛出异常还是被取消，`finally` 里的代码都会执行。
    """
    app = timing.build_app()
    assert (await ask(app, "/none?page=1")).status == 404
    seconds = app[timing.SECONDS]
    assert list(seconds) == ["/none"]
    app = timing.build_app()
    async with TestClient(TestServer(app)) as client:  # of two at once each keeps its own `start`
        began = time.perf_counter()
        slow = asyncio.create_task(client.get("/slow"))
        await asyncio.sleep(0.1)
        await client.get("/none")
        await slow
        assert 0.19 < app[timing.SECONDS]["/slow"] < time.perf_counter() - began

    async def fail(request: web.Request) -> web.Response:
        raise KeyError

    async def wait(request: web.Request) -> web.Response:
        begun.set()
        await asyncio.Event().wait()
        return web.Response()

    @web.middleware
    async def note_the_end(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            if request.path == "/wait":
                ended.set()

    begun, ended = asyncio.Event(), asyncio.Event()
    app = web.Application(middlewares=[note_the_end, timing.timing])
    app[timing.SECONDS] = seconds = {}
    app.router.add_get("/fail", fail)
    app.router.add_get("/wait", wait)
    async with TestClient(TestServer(app)) as client:  # cancels the handler of a client that leaves
        assert (await client.get("/fail")).status == 500
        gone = asyncio.create_task(client.get("/wait"))
        await begun.wait()
        gone.cancel()
        await ended.wait()
    assert list(seconds) == ["/fail", "/wait"]
    assert min(seconds.values()) > 0


@pytest.mark.statement("S37")
async def test_without_finally_a_raised_answer_is_not_timed() -> None:
    """An ordinary line after `await` in the place of `finally` records `/slow` and misses the raised 404.

    把 `finally` 换成 `await` 之后的普通语句，就只记下 `/slow`，漏掉抛出的 404。
    """

    @web.middleware
    async def forgetful(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        timed.append(request.path)
        return response

    timed: list[str] = []
    for middleware, paths in ((forgetful, ["/slow"]), (timing.timing, ["/slow", "/none"])):
        app = web.Application(middlewares=[middleware])
        app[timing.SECONDS] = {}
        app.router.add_get("/slow", timing.slow)
        async with TestClient(TestServer(app)) as client:
            for path in ("/slow", "/none"):
                await client.get(path)
        recorded: list[str] = [*app[timing.SECONDS], *timed]
        assert recorded == paths
        timed.clear()


async def test_a_middleware_learns_which_route_was_found() -> None:
    """`match_info` tells a middleware the route's pattern, or holds the 404 or 405 that is to come.

    In ComfyUI a GET of an unknown path outside /internal has the route of the static files, which return 404.

    中间件从 `match_info` 得知路由的模式；没有合适的路由时，里面是将要返回的 404 或 405。
    在 ComfyUI 里，GET 一个 /internal 之外的不存在的路径，匹配的是静态文件的路由，由它返回 404。
    """
    seen: list[object] = []

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        match, error = request.match_info, request.match_info.http_exception
        resource = match.route.resource
        seen.append(resource and resource.canonical if error is None else error.status)
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            raised.append((refusal.status, refusal is error))
            raise

    raised: list[tuple[int, bool]] = []

    for path, method in (("/models/vae", "GET"), ("/none", "GET"), ("/models/vae", "POST")):
        await ask(app_of(look), path, method)
    assert seen == ["/models/{folder}", 404, 405]
    assert raised == [(404, True), (405, True)]
    routes = list[object]()

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        match = request.match_info
        routes.append(match.http_exception.status if match.http_exception else match.route.resource)
        return await handler(request)

    async with serving(prepare=lambda server: server.app.middlewares.append(note), worker=False) as served:
        for method, path, status in (
            ("GET", "/nowhere/at/all", 404),
            ("GET", "/api/nowhere", 404),
            ("POST", "/nowhere/at/all", 405),
            ("GET", "/internal/nowhere", 404),
        ):
            assert (await served.client.request(method, path)).status == status
    *static, refused, unknown = routes
    assert [type(resource) for resource in static] == [web.StaticResource] * 2
    assert [getattr(resource, "canonical", None) for resource in static] == [""] * 2  # added for `/`
    assert (refused, unknown) == (405, 404)


def app_of(middleware: Middleware) -> web.Application:
    """Return an application with one route behind a middleware."""
    app = web.Application(middlewares=[middleware])
    app.router.add_get("/models/{folder}", matched.show)
    return app


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/raise", "caught HTTPForbidden"),
        ("/return", "got back HTTPForbidden"),
        ("/response", "got back Response"),
    ],
)
@pytest.mark.filterwarnings("ignore:returning HTTPException:DeprecationWarning")
async def test_except_catches_what_was_raised_only(
    path: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An outer `except web.HTTPException` catches a raised one, not a returned one; each is a 403.

    外层的 `except web.HTTPException` 捕获抛出的，捕获不到返回的；三种都是 403。
    """
    assert (await ask(as_value.build_app(), path)).status == 403
    assert capsys.readouterr().out == f"{line}\n"


async def test_a_value_under_a_request_key_reaches_the_handler() -> None:
    """The handler finds the user whom the middleware stored under a RequestKey; an unknown token is refused.

    A middleware further in that stores a value under a key of the same name does not overwrite it.

    中间件存在 RequestKey 之下的用户，处理函数取得到；不认识的令牌被拒绝。
    里层的中间件用同名的键存值，不会覆盖它。
    """

    @web.middleware
    async def store(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[web.RequestKey("USER", str)] = "bob"
        return await handler(request)

    app = passed.build_app()
    app.middlewares.append(store)
    assert await (await ask(app, "/", headers={"X-Token": "secret"})).text() == "hello ann"
    for headers, status, text in (
        ({"X-Token": "secret"}, 200, "hello ann"),
        ({"X-Token": "guess"}, 403, "403: Forbidden"),
        ({}, 403, "403: Forbidden"),
    ):
        response = await ask(passed.build_app(), "/", headers=headers)
        assert (response.status, await response.text()) == (status, text)


async def test_a_value_under_a_string_reaches_the_handler_too() -> None:
    """A handler finds what a middleware stored in the request under a string, with a NotAppKeyWarning.

    A middleware further in that stores a value under the same string overwrites it.

    中间件用字符串存进请求的值，处理函数也取得到，只是有 NotAppKeyWarning。
    里层的中间件用同样的字符串存值，会覆盖它。
    """

    def storing(name: str) -> Middleware:
        @web.middleware
        async def store(request: web.Request, handler: Handler) -> web.StreamResponse:
            request["user"] = name
            return await handler(request)

        return store

    async def show(request: web.Request) -> web.Response:
        return web.Response(text=request["user"])

    app = web.Application(middlewares=[storing("ann")])
    app.router.add_get("/", show)
    with pytest.warns(web.NotAppKeyWarning):
        assert await (await ask(app)).text() == "ann"
    app = web.Application(middlewares=[storing("ann"), storing("bob")])
    app.router.add_get("/", show)
    assert await (await ask(app)).text() == "bob"


async def test_a_dictionary_by_path_grows_with_every_path_tried() -> None:
    """A key per path is one entry for each path that a client makes up; `canonical` is one per route.

    For a 404 or 405 `resource` is None.

    按路径记，客户端编造多少路径，字典就有多少项；按 `canonical` 记，每条路由一项。
    404 和 405 的 `resource` 是 None。
    """
    seen = set[tuple[str, str | None]]()

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        seen.add((request.method, resource.canonical if resource else None))
        return await handler(request)

    app = web.Application(middlewares=[timing.timing, note])
    app[timing.SECONDS] = {}
    app.router.add_get("/models/{folder}", matched.show)
    paths = [f"{beginning}{number}" for beginning in ("/models/", "/none/") for number in range(20)]
    async with TestClient(TestServer(app)) as client:
        for path in paths:
            await client.get(path)
        assert (await client.post("/models/0")).status == 405
    seconds = app[timing.SECONDS]
    assert list(seconds) == paths
    assert seen == {("GET", "/models/{folder}"), ("GET", None), ("POST", None)}
