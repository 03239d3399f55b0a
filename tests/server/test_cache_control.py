"""Proofs for the page server/cache-control."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer, cache_control
from snippets.recreation.serving import serving
from snippets.server.cache_control import (
    annotation,
    bare,
    forgotten,
    images,
    kinds,
    missed,
    real_status,
    revalidated,
    settled,
    today,
)
from tests.client import ask

RULE = "Cache-Control"


@asynccontextmanager
async def files(
    folder: Path, prepare: Callable[[PromptServer], object] | None = None
) -> AsyncIterator[ClientSession]:
    """Run the server with these web files; yield a client of it."""
    flags = "--front-end-root", str(folder)
    async with serving(*flags, prepare=prepare, worker=False) as served:
        yield served.client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a script, a style, a picture and two near misses."""
    for name in ("app.js", "app.css", "logo.png", "module.mjs", "LOUD.JS"):
        (tmp_path / name).write_text("hello")
    return tmp_path


@pytest.mark.statement("S5")
async def test_scripts_and_styles_get_no_cache(folder: Path) -> None:
    """The middleware marks `.js` and `.css` with `no-cache`, and leaves a picture alone.

    中间件给 `.js` 和 `.css` 加上 `no-cache`，图片不动。
    """
    rules = {}
    async with files(folder) as client:
        for name in ("app.js", "app.css", "logo.png"):
            response = await client.get(f"/{name}")
            assert response.status == 200
            rules[name] = response.headers.get(RULE)
    assert rules == {"app.js": "no-cache", "app.css": "no-cache", "logo.png": None}


@pytest.mark.statement("S5")
async def test_a_handlers_own_rule_wins() -> None:
    """`setdefault` keeps the `Cache-Control` that a handler has set itself.

    处理函数自己写了 `Cache-Control`，`setdefault` 就不去改它。
    """
    async with serving(prepare=revalidated.add_own, worker=False) as served:
        response = await served.client.get("/own.js")
    assert response.headers.getall(RULE) == ["max-age=60"]


async def test_the_304_carries_the_rule_and_no_body(folder: Path) -> None:
    """Asked with the tag it sent, the server answers 304: no body, the same tag, `no-cache` again.

    带着上次的标签来问，服务器答 304：没有正文，标签照旧，`no-cache` 也在。
    """
    async with files(folder) as client:
        first = await client.get("/app.js")
        headers = {"If-None-Match": first.headers["ETag"]}
        again = await client.get("/app.js", headers=headers)
        assert (first.status, await first.text()) == (200, "hello")
        assert (again.status, await again.text()) == (304, "")
    assert (again.headers["ETag"], again.headers[RULE]) == (first.headers["ETag"], "no-cache")


async def test_a_static_file_carries_tag_and_date_but_no_rule(folder: Path) -> None:
    """A static file leaves aiohttp with ETag, Last-Modified and Accept-Ranges, without Cache-Control.

    aiohttp 送出静态文件时带 ETag、Last-Modified、Accept-Ranges，唯独没有 Cache-Control。
    """
    headers = (await ask(bare.build_app(folder), "/app.js")).headers
    sent = [field for field in bare.FIELDS if field in headers]
    assert sent == ["ETag", "Last-Modified", "Accept-Ranges"]
    assert set(bare.FIELDS) - set(sent) == {"Cache-Control"}


@pytest.mark.statement("S6")
async def test_a_file_comes_back_as_200_whatever_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    """A middleware sees a FileResponse with 200, whether 200, 304, 206 or 404 leaves.

    不管最后送出的是 200、304、206 还是 404，中间件看到的都是状态 200 的 FileResponse。
    """
    left = []
    for path, field in real_status.REQUESTS:
        left.append((await ask(real_status.build_app(), path, headers=field)).status)
        assert "back: FileResponse 200  leaves:" in capsys.readouterr().out
    assert left == [200, 304, 206, 404]


async def test_the_tag_is_not_there_yet(folder: Path) -> None:
    """What a middleware sees of a static file has no ETag yet; what leaves has one.

    中间件看到的静态文件还没有 ETag，送出去的才有。
    """
    seen: list[bool] = []

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        seen.append("ETag" in response.headers)
        return response

    app = web.Application(middlewares=[look])
    app.router.add_static("/", folder)
    answer = await ask(app, "/app.js")
    assert [*seen, "ETag" in answer.headers] == [False, True]


async def test_the_signal_sees_the_real_status(capsys: pytest.CaptureFixture[str]) -> None:
    """`on_response_prepare` runs once the status is settled: it sees what the client gets.

    `on_response_prepare` 在状态定下之后执行，看到的就是客户端收到的。
    """
    for path, field in real_status.REQUESTS:
        status = (await ask(real_status.build_app(), path, headers=field)).status
        assert capsys.readouterr().out.endswith(f"leaves: {status}")


@pytest.mark.statement("S6")
async def test_not_everything_that_comes_back_is_a_response(capsys: pytest.CaptureFixture[str]) -> None:
    """A stream and a WebSocket come back with their headers sent; an unknown path raises.

    流和 WebSocket 回来时头部已经发走；路径不存在，回来的是异常。
    """
    async with TestClient(TestServer(kinds.build_app())) as client:
        for path in ("/stream", "/none"):
            await client.get(path)
        await (await client.ws_connect("/socket")).close()
    assert capsys.readouterr().out.split("  ") == [
        "",
        "leaves: 200",
        "back: StreamResponse 200, sent",
        "back: raise HTTPNotFound",
        "leaves: 404",
        "leaves: 101",
        "back: WebSocketResponse 101, sent",
    ]


@pytest.mark.statement("S6")
def test_a_file_response_is_no_web_response() -> None:
    """FileResponse, StreamResponse and WebSocketResponse are no `web.Response`; all are StreamResponses.

    FileResponse、StreamResponse、WebSocketResponse 都不是 `web.Response`，但都是 StreamResponse。
    """
    for kind in (web.FileResponse, web.StreamResponse, web.WebSocketResponse):
        assert not issubclass(kind, web.Response)
        assert issubclass(kind, web.StreamResponse)


@pytest.mark.statement("S4")
async def test_a_handler_receives_a_web_request() -> None:
    """A handler receives an instance of `web.Request`, annotated or not.

    处理函数拿到的是 `web.Request` 的实例，写不写标注都一样。
    """
    got: list[object] = []

    async def unannotated(request):  # type: ignore[no-untyped-def]
        got.append(request)
        return await annotation.coroutine(request)

    app = web.Application()
    app.router.add_get("/", unannotated)
    assert await (await ask(app)).text() == "Request"
    assert [type(item) for item in got] == [web.Request]


@pytest.mark.statement("S4")
async def test_a_plain_function_still_works_and_warns() -> None:
    """Registering a plain `def` handler draws a DeprecationWarning; it answers 200 all the same.

    注册普通 `def` 处理函数会有 DeprecationWarning，但照样答 200。
    """
    app = web.Application()
    with pytest.warns(DeprecationWarning, match="use async ones"):
        app.router.add_route("GET", "/", annotation.plain)  # type: ignore[arg-type]
    assert (await ask(app)).status == 200


@pytest.mark.statement("S5")
async def test_without_return_the_answer_is_500(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without `return` the handler runs, the log says “Missing return statement”, the client gets 500.

    忘了 `return`：处理函数照常执行，日志里写着“Missing return statement”，客户端得到 500。
    """
    assert (await ask(forgotten.build_app(forgotten.no_return))).status == 500
    assert "the handler runs" in capsys.readouterr().out
    assert caplog.messages == ["Missing return statement on request handler"]


@pytest.mark.statement("S5")
async def test_with_return_the_answer_is_200(caplog: pytest.LogCaptureFixture) -> None:
    """The same middleware with `return response` answers 200, and nothing is logged.

    同一个中间件加上 `return response` 就答 200，日志里什么也没有。
    """

    @web.middleware
    async def complete(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        return response

    caplog.set_level(logging.ERROR, logger="aiohttp.server")
    assert (await ask(forgotten.build_app(complete))).status == 200
    assert caplog.messages == []


@pytest.mark.statement("S5")
async def test_without_await_the_handler_never_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Without `await` the handler never runs, the log asks for a response instance, the client gets 500.

    忘了 `await`：处理函数根本没有执行，日志说这里该返回响应实例，客户端得到 500。
    """
    logger = logging.getLogger("aiohttp.server")
    logger.addFilter(forgotten.tell)  # caplog would keep the coroutine, and the warning would come later
    try:
        with pytest.warns(RuntimeWarning, match="never awaited"):
            answer = await ask(forgotten.build_app(forgotten.no_await))
    finally:
        logger.removeFilter(forgotten.tell)
    assert answer.status == 500
    assert capsys.readouterr().out == "  log: Web-handler should return a response instance\n"


async def test_a_missing_static_file_is_marked(folder: Path) -> None:
    """With static files at `/`, an unknown script is a missing file: an empty 404 with `no-cache`.

    静态目录挂在 `/` 时，不存在的脚本就是缺失的文件：正文为空的 404，带 `no-cache`。
    """
    async with files(folder) as client:
        response = await client.get("/missing.js")
        assert (response.status, await response.text()) == (404, "")
        assert response.headers.get(RULE) == "no-cache"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/raised.js", 404), ("POST", "/missing.js", 405), ("GET", "/stream.js", 200)],
)
async def test_a_raise_and_a_stream_are_not_marked(method: str, path: str, status: int, folder: Path) -> None:
    """A raised 404, a 405 and a stream leave without the header.

    抛出的 404、405 和流式响应，都没有这个头部。
    """
    async with files(folder, missed.add_handlers) as client:
        response = await client.request(method, path)
    assert (response.status, RULE in response.headers) == (status, False)


async def test_an_unknown_path_outside_the_folder_is_not_marked(folder: Path) -> None:
    """With the folder mounted elsewhere, an unknown script is a raised 404 without the header.

    静态目录挂在别处时，不存在的脚本是抛出来的 404，没有这个头部。
    """
    app = web.Application(middlewares=[cache_control])
    app.router.add_static("/web", folder)
    answer = await ask(app, "/none.js")
    assert (answer.status, RULE in answer.headers) == (404, False)


async def test_a_500_is_not_marked() -> None:
    """A handler that fails answers 500 without the header.

    处理函数出错，500 没有这个头部。
    """

    async def broken(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    def prepare(server: PromptServer) -> None:
        server.routes.get("/broken.js")(broken)

    async with serving(prepare=prepare, worker=False) as served:
        response = await served.client.get("/broken.js")
    assert (response.status, RULE in response.headers) == (500, False)


async def test_a_cors_middleware_misses_the_same_answers(folder: Path) -> None:
    """A middleware that adds CORS headers after `await` misses a raised 404 and marks a missing file.

    在 `await` 之后加 CORS 头部的中间件，同样漏掉抛出的 404，却管得到缺失的文件。
    """
    allowed = []
    flags = "--front-end-root", str(folder), "--enable-cors-header"
    async with serving(*flags, prepare=missed.add_handlers, worker=False) as served:
        for path in ("/missing.js", "/raised.js"):
            response = await served.client.get(path)
            allowed.append((response.status, response.headers.get("Access-Control-Allow-Origin")))
    assert allowed == [(404, "*"), (404, None)]


@pytest.mark.statement("S5")
@pytest.mark.parametrize(
    ("path", "marked"),
    [("/app.js?v=1", True), ("/app%2Ejs", True), ("/module.mjs", False), ("/LOUD.JS", False)],
)
async def test_the_path_is_compared_without_query_and_by_case(path: str, marked: bool, folder: Path) -> None:
    """The decoded path counts, without its query; `.mjs` and `.JS` are not `.js`.

    比的是解码后、不带查询串的路径；`.mjs` 和 `.JS` 都不算 `.js`。
    """
    async with files(folder) as client:
        response = await client.get(path)
    assert (response.status, RULE in response.headers) == (200, marked)


@pytest.mark.parametrize(
    ("path", "status", "value"),
    [
        ("/app.js", 404, "no-cache"),
        ("/templates/index.zh.json", 200, "no-cache"),
        ("/other.json", 200, None),
        ("/cat.PNG", 200, "public, max-age=86400"),
        ("/cat.PNG", 307, "no-cache"),
        ("/cat.PNG", 304, None),
        ("/cat.PNG", 404, "public, max-age=3600"),
        ("/cat.gif", 200, None),
        ("/view?filename=cat.png", 200, None),
    ],
)
async def test_todays_rule_goes_by_the_path_and_the_status(path: str, status: int, value: str | None) -> None:
    """Today's rule goes by the ending of the path, and for pictures by the status; `/view` gets none.

    今天的规则看路径的结尾，图片再看状态；`/view` 没有规则。
    """

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application(middlewares=[today.cache_control])
    app.router.add_get("/{path:.*}", answer)
    got = await ask(app, path, allow_redirects=False)
    assert (got.status, got.headers.get(RULE)) == (status, value)


async def test_a_rule_by_status_keeps_a_missing_picture_for_a_day(tmp_path: Path) -> None:
    """A middleware that goes by the status gives a missing static picture the lifetime of a found one.

    按状态定期限的中间件，会给缺失的静态图片和存在的图片一样的期限。
    """
    got = {}
    for name in images.NAMES:
        app = web.Application(middlewares=[today.cache_control])
        images.add_pictures(app, tmp_path)
        answer = await ask(app, f"/{name}.png")
        got[name] = (answer.status, answer.headers.get(RULE))
    assert got == {
        "files/there": (200, "public, max-age=86400"),
        "files/missing": (404, "public, max-age=86400"),
        "returned": (404, "public, max-age=3600"),
        "unknown": (404, None),
    }


async def test_a_rule_in_the_signal_goes_by_what_leaves(tmp_path: Path) -> None:
    """The same rule in `on_response_prepare` fits every answer, a raised 404 and a 500 included.

    同一条规则写进 `on_response_prepare`，每个响应都对得上，抛出的 404 和 500 也不例外。
    """

    async def broken(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    got = []
    for name in (*images.NAMES, "broken"):
        app = web.Application()
        app.on_response_prepare.append(settled.settle)
        app.router.add_get("/broken.png", broken)
        images.add_pictures(app, tmp_path)
        answer = await ask(app, f"/{name}.png")
        got.append((answer.status, answer.headers.get(RULE)))
    assert got == [(200, "public, max-age=86400"), *[(404, "public, max-age=3600")] * 3, (500, None)]
