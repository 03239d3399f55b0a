"""Proofs for the page server/cache-control."""

import asyncio
import inspect
import logging
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from playwright.async_api import Browser
from yarl import URL

from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.server import PromptServer, cache_control
from snippets.recreation.serving import serving
from snippets.server.cache_control import by_status, forgotten, node_pack, real_status, revalidated
from tests.client import ask
from tests.server.foreign_page import empty_page, visitor
from tools.model import ROOT

RULE = "Cache-Control"


@asynccontextmanager
async def files(
    folder: Path, prepare: Callable[[PromptServer], object] | None = None
) -> AsyncIterator[ClientSession]:
    """Run the server with these web files; yield a client of it."""
    flags = "--front-end-root", str(folder)
    async with serving(*flags, prepare=prepare, worker=False) as served:
        yield served.client


async def raised(request: web.Request) -> web.Response:
    """Raise a 404."""
    raise web.HTTPNotFound


def add_handlers(server: PromptServer) -> None:
    """Add two scripts that are no files, one that is raised and a stream."""
    server.routes.get("/raised.js")(raised)
    server.routes.get("/stream.js")(real_status.stream)


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
            assert (await client.head(f"/{name}")).headers.get(RULE) == rules[name]
    assert rules == {"app.js": "no-cache", "app.css": "no-cache", "logo.png": None}


@pytest.mark.statement("S5")
async def test_a_handlers_own_rule_wins() -> None:
    """`setdefault` keeps the `Cache-Control` that a handler has set itself.

    处理函数自己写了 `Cache-Control`，`setdefault` 就不去改它。
    """
    async with serving(prepare=revalidated.add_own, worker=False) as served:
        response = await served.client.get("/own.js")
    assert response.headers.getall(RULE) == ["max-age=60"]


async def test_the_304_carries_the_rule_and_no_body(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked with the tag it sent, the server answers 304: no body, the same tag, `no-cache` again.

    带着上次的标签来问，服务器返回 304：没有正文，标签照旧，`no-cache` 也在。
    """
    async with files(folder) as client:
        first = await client.get("/app.js")
        headers = {"If-None-Match": first.headers["ETag"]}
        again = await client.get("/app.js", headers=headers)
        assert (first.status, await first.text()) == (200, "hello")
        assert (again.status, await again.text()) == (304, "")
    assert (again.headers["ETag"], again.headers[RULE]) == (first.headers["ETag"], "no-cache")
    await revalidated.show(folder)
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert printed[:2] == [
        ["app.js", "200", "5", "bytes", "no-cache"],
        ["app.js", "304", "0", "bytes", "no-cache"],
    ]


async def test_chromium_asks_before_each_use(chromium: Browser, folder: Path) -> None:
    """Chromium asks for a script again, with its tag, before each `fetch` and each load of a page with it; a picture without a rule it does not.

    每次 `fetch` 脚本、每次加载带脚本的页面，Chromium 都带着标签再问一次；没有规则的图片就不问。
    """  # noqa: E501
    asked: list[tuple[str, bool]] = []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked.append((request.path, "If-None-Match" in request.headers))
        return await handler(request)

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.insert(0, note)
        server.routes.get("/page")(empty_page)

    for name in ("app.js", "app.css", "logo.png"):
        os.utime(folder / name, (1e9, 1e9))  # long unchanged, so a cache guesses a long life
    flags = "--front-end-root", str(folder)
    start = serving(*flags, prepare=prepare, worker=False)
    async with start as served, visitor(chromium, served.address, at_home=True) as run:
        for name in ("app.js", "app.css", "logo.png"):
            for _ in range(3):
                assert await run(f"fetch('/{name}').then(r => r.text())") == "hello"
    assert asked == [
        ("/page", False),
        *[("/app.js", again) for again in (False, True, True)],
        *[("/app.css", again) for again in (False, True, True)],
        ("/logo.png", False),
    ]
    shown = "<!doctype html><link rel=icon href=data:,><link rel=stylesheet href=/app.css><img src=/logo.png>"

    async def with_all(request: web.Request) -> web.Response:
        return web.Response(text=f"{shown}<script src=/app.js></script>", content_type="text/html")

    def prepare_all(server: PromptServer) -> None:
        server.app.middlewares.insert(0, note)
        server.routes.get("/page")(with_all)

    start = serving(*flags, prepare=prepare_all, worker=False)
    asked.clear()
    async with start as served, visitor(chromium, served.address, at_home=True) as run:
        assert {path for path, _ in asked} == {"/page", "/app.js", "/app.css", "/logo.png"}
        for _ in range(3):
            asked.clear()
            again = "const f = document.createElement('iframe'); f.onload = done; f.src = '/page'"
            await run(f"new Promise(done => {{ {again}; document.body.append(f) }}).then(() => 0)")
            assert sorted(asked) == [("/app.css", True), ("/app.js", True), ("/page", False)]  # once each


@pytest.mark.ours("aiohttp")
async def test_a_static_file_carries_tag_and_date_but_no_rule(folder: Path) -> None:
    """A static file leaves aiohttp with ETag, Last-Modified and Accept-Ranges, without Cache-Control.

    `web.static` takes no headers.

    aiohttp 送出静态文件时带 ETag、Last-Modified、Accept-Ranges，唯独没有 Cache-Control。
    `web.static` 不接受响应头。
    """
    app = web.Application()
    app.router.add_static("/", folder)
    with pytest.raises(TypeError, match="headers"):
        web.Application().add_routes([web.static("/", folder, headers={RULE: "no-cache"})])
    headers = (await ask(app, "/app.js")).headers
    sent = [field for field in ("ETag", "Last-Modified", "Accept-Ranges", RULE) if field in headers]
    assert sent == ["ETag", "Last-Modified", "Accept-Ranges"]


LEAVES: list[tuple[str, dict[str, str], int]] = [
    ("/web/by_status.py", {}, 200),
    ("/web/by_status.py", {"If-None-Match": "*"}, 304),
    ("/web/by_status.py", {"Range": "bytes=0-1"}, 206),
    ("/web/by_status.py", {"Range": "bytes=99999999-"}, 416),
    ("/web/by_status.py", {"If-Match": '"another"'}, 412),
    ("/web/none.py", {}, 404),
]


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S6")
@pytest.mark.parametrize(("path", "field", "status"), LEAVES)
async def test_a_file_comes_back_as_200_whatever_leaves(
    path: str, field: dict[str, str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A middleware sees a FileResponse with 200, whether 200, 206, 304, 404, 412 or 416 leaves.

    不管最后送出的是 200、206、304、404、412 还是 416，中间件看到的都是状态 200 的 FileResponse。
    """
    assert (await ask(real_status.build_app(), path, headers=field)).status == status
    assert "returned: FileResponse 200  sent:" in capsys.readouterr().out


@pytest.mark.ours("aiohttp")
@pytest.mark.parametrize(("path", "field", "status"), LEAVES)
async def test_the_signal_sees_the_real_status(
    path: str, field: dict[str, str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """`on_response_prepare` runs once the status is settled: it sees what the client gets.

    `on_response_prepare` 在状态定下之后执行，看到的就是客户端收到的。
    """
    assert (await ask(real_status.build_app(), path, headers=field)).status == status
    assert capsys.readouterr().out.endswith(f"sent: {status}")


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S6")
async def test_not_everything_that_comes_back_is_a_response(capsys: pytest.CaptureFixture[str]) -> None:
    """A stream and a WebSocket come back with their headers sent; an unknown path raises.

    流和 WebSocket 回来时头部已经发走；路径不存在，回来的是异常。
    """

    async def socket(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.receive()  # until the other side closes it
        return ws

    app = real_status.build_app()
    app.router.add_get("/socket", socket)
    async with TestClient(TestServer(app)) as client:
        for path in ("/stream", "/none"):
            await client.get(path)
        assert capsys.readouterr().out.split("  ") == [
            "",
            "sent: 200",
            "returned: StreamResponse, sent",
            "raised: HTTPNotFound",
            "sent: 404",
        ]
        ws = await client.ws_connect("/socket")
        await ws.ping()  # by its answer's time a handler that does not wait would have come back
        await client.get("/none")
        assert capsys.readouterr().out.startswith("  sent: 101  raised: HTTPNotFound")
        await ws.close()
    assert capsys.readouterr().out == "  returned: WebSocketResponse, sent"


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S4")
async def test_a_handler_receives_a_web_request() -> None:
    """A handler receives an instance of `web.Request`, annotated or not.

    处理函数拿到的是 `web.Request` 的实例，写不写标注都一样。
    """
    got: list[object] = []

    async def unannotated(request):  # type: ignore[no-untyped-def]
        got.append(request)
        return web.Response(text=type(request).__name__)

    app = web.Application()
    app.router.add_get("/", unannotated)
    assert await (await ask(app)).text() == "Request"
    assert [type(item) for item in got] == [web.Request]


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S4")
async def test_a_plain_function_still_works_and_warns() -> None:
    """Registering a plain `def` handler draws a DeprecationWarning; it answers 200 all the same.

    注册普通 `def` 处理函数会有 DeprecationWarning，但照样返回 200。
    """

    def plain(request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    with pytest.warns(DeprecationWarning, match="use async ones"):
        app.router.add_route("GET", "/", plain)  # type: ignore[arg-type]
    assert (await ask(app)).status == 200
    code = """from aiohttp import web
def plain(request): return web.Response()
web.Application().router.add_route("GET", "/", plain)"""
    for flags, warned in (([], False), (["-W", "always"], True)):
        command = [sys.executable, *flags, "-c", code]
        done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0
        assert ("DeprecationWarning" in done.stderr) is warned


@pytest.mark.ours("aiohttp")
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


@pytest.mark.ours("aiohttp")
@pytest.mark.statement("S5")
async def test_with_return_the_answer_is_200(caplog: pytest.LogCaptureFixture) -> None:
    """The same middleware with `return response` answers 200, and nothing is logged.

    同一个中间件加上 `return response` 就返回 200，日志里什么也没有。
    """

    @web.middleware
    async def complete(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        return response

    caplog.set_level(logging.ERROR, logger="aiohttp.server")
    assert (await ask(forgotten.build_app(complete))).status == 200
    assert caplog.messages == []


@pytest.mark.ours("aiohttp")
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
    """With the front end's folder at `/`, a script that it does not have is a missing file: an empty 404 with `no-cache`.

    前端文件夹挂在 `/` 时，里面没有的脚本就是缺失的文件：正文为空的 404，带 `no-cache`。
    """  # noqa: E501
    async with files(folder) as client:
        for path in ("/missing.js", "/scripts/missing.js"):
            response = await client.get(path)
            assert (response.status, await response.text()) == (404, "")
            assert response.headers.get(RULE) == "no-cache"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/raised.js", 404),
        ("GET", "/internal/none.js", 404),
        ("POST", "/missing.js", 405),
        ("GET", "/outside.js", 404),
        ("GET", "/..%2foutside.js", 404),
        ("GET", "/%00none.js", 404),
        ("GET", "/stream.js", 200),
    ],
)
async def test_a_raise_and_a_stream_are_not_marked(method: str, path: str, status: int, folder: Path) -> None:
    """A raised 404, that below `/internal` or of a path or link out of the folder too, a 405, a stream have no header; a file has.

    抛出的 404（`/internal` 下的、指向文件夹之外的路径和符号链接也是）、405 和流式响应，都没有这个头部；旁边的文件有。
    """  # noqa: E501
    (outside := folder.parent / "outside.js").write_text("hello")
    (folder / "outside.js").symlink_to(outside)
    (folder / "inside.js").symlink_to(folder / "app.js")
    async with files(folder, add_handlers) as client:
        for name in ("app.js", "inside.js"):
            assert RULE in (await client.get(f"/{name}")).headers
        response = await client.request(method, URL(path, encoded=True))
    assert (response.status, RULE in response.headers) == (status, False)


async def test_an_unknown_path_outside_the_folder_is_not_marked(folder: Path) -> None:
    """With the folder mounted elsewhere, an unknown script is a raised 404 without the header.

    静态目录挂在别处时，不存在的脚本是抛出来的 404，没有这个头部。
    """
    app = web.Application(middlewares=[cache_control])
    app.router.add_static("/web", folder)
    async with TestClient(TestServer(app)) as client:
        for path, marked in (("/web/none.js", True), ("/none.js", False)):
            answer = await client.get(path)
            assert (answer.status, RULE in answer.headers) == (404, marked)


async def test_a_500_is_not_marked() -> None:
    """The 500 of a handler that fails has no header; a 500 that is returned has it.

    处理函数出错，500 没有这个头部；返回的 500 有。
    """

    async def broken(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    async def returned(request: web.Request) -> web.Response:
        return web.Response(status=500)

    def prepare(server: PromptServer) -> None:
        server.routes.get("/broken.js")(broken)
        server.routes.get("/returned.js")(returned)

    logging.disable()
    async with serving(prepare=prepare, worker=False) as served:
        for path, marked in (("/broken.js", False), ("/returned.js", True)):
            response = await served.client.get(path)
            assert (response.status, response.headers.get(RULE)) == (500, "no-cache" if marked else None)


async def test_the_pieces_make_the_init_of_a_node_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports, the function and the two lines, unindented, set the value when imported; without `web` they raise.

    两行导入、这个函数和去掉缩进的两行：导入时就生效；少了 `web`，就抛出异常。
    """  # noqa: E501
    block = re.split(r"# --8<-- \[(?:start|end):set\]", inspect.getsource(node_pack))[1]
    function, lines = block.split("def import_node_pack")
    unindented = textwrap.dedent(lines.partition('imported."""\n')[2])
    assert unindented.strip().count("\n") == 1  # two lines
    server = "from server import PromptServer"
    monkeypatch.setitem(sys.modules, "server", Mock(PromptServer=PromptServer))
    (tmp_path / "module.mjs").write_text("hello")
    monkeypatch.setitem(EXTENSION_WEB_DIRS, "my_pack", str(tmp_path))

    def prepare(_: PromptServer) -> None:
        with pytest.raises(NameError, match="'web'"):
            exec("\n".join((server, function, unindented)), {})
        exec("\n".join(("from aiohttp import web", server, function, unindented)), {})

    async with serving(prepare=prepare, worker=False) as served:
        response = await served.client.get("/extensions/my_pack/module.mjs")
        assert response.headers[RULE] == "no-cache"
        assert RULE not in (await served.client.get("/queue")).headers


async def test_a_node_pack_may_set_rules_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal added at import rules a pack's files and no others; `setdefault` is too late for .js.

    A 206 and a 304 of a hashed file get the value of its 200. So it is beside the rule of v0.33.0.
    Every file in `assets` is kept, with a hash or without.

    导入时加的信号给节点包自己的文件定规则，别的文件不受影响；对 .js 用 `setdefault` 则太迟。
    带哈希的文件，206 和 304 的值跟 200 的一样。换成 v0.33.0 的规则也一样。
    `assets` 里的文件，带不带哈希都会缓存。
    """
    (tmp_path / "assets").mkdir()
    for name in node_pack.FILES:
        (tmp_path / name).write_text("hello")
    monkeypatch.setitem(EXTENSION_WEB_DIRS, "my_pack", str(tmp_path))

    async def too_late(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.setdefault("Cache-Control", "max-age=1")

    def setting(_: object) -> None:
        PromptServer.instance.app.on_response_prepare.append(too_late)

    year = "max-age=31536000, immutable"
    async with serving(prepare=node_pack.import_node_pack, worker=False) as served:
        for name, expected in zip(
            (*node_pack.FILES, node_pack.MISSING), ("no-cache", year, "no-cache"), strict=True
        ):
            response = await served.client.get(node_pack.MINE + name)
            assert response.headers["Cache-Control"] == expected
        (tmp_path / "assets" / "logo.png").touch()
        assert (await served.client.get(f"{node_pack.MINE}assets/logo.png")).headers[RULE] == year
        bundle = node_pack.MINE + node_pack.FILES[1]
        tag = (await served.client.get(bundle)).headers["ETag"]
        unchanged = await served.client.get(bundle, headers={"If-None-Match": tag})
        assert (unchanged.status, unchanged.headers[RULE]) == (304, year)
        part = await served.client.get(bundle, headers={"Range": "bytes=0-1"})
        assert (part.status, part.headers[RULE]) == (206, year)
        assert RULE not in (await served.client.get("/queue")).headers
        with pytest.raises(RuntimeError, match="frozen"):
            node_pack.import_node_pack()

    def later(server: PromptServer) -> None:
        server.app.middlewares[0] = by_status.cache_control
        node_pack.import_node_pack()

    async with serving(prepare=later, worker=False) as served:
        for name, expected in zip(
            (*node_pack.FILES, node_pack.MISSING), ("no-cache", year, "no-cache"), strict=True
        ):
            response = await served.client.get(node_pack.MINE + name)
            assert response.headers["Cache-Control"] == expected
    async with serving(prepare=setting, worker=False) as served:
        for name, expected in zip(node_pack.FILES, ("max-age=1", "no-cache"), strict=True):
            response = await served.client.get(node_pack.MINE + name)
            assert response.headers["Cache-Control"] == expected
        for path in ("/queue", "/raised"):  # without a look at the path, all responses
            assert (await served.client.get(path)).headers[RULE] == "max-age=1"


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


@pytest.mark.ours("our middleware, after a later version's")
@pytest.mark.parametrize(
    ("path", "status", "value"),
    [
        ("/app.js", 200, "no-store"),
        ("/app.js", 404, "no-store"),
        ("/app.css", 200, "no-store"),
        ("/templates/index.zh.json", 200, "no-store"),
        ("/app.css", 404, "no-store"),
        ("/index.json", 200, "no-store"),
        ("/index.json", 404, "no-store"),
        ("/index_logo.json", 200, "no-store"),
        ("/app.mjs", 200, None),
        ("/other.json", 200, None),
        *((f"/cat{end}", 200, "public, max-age=86400") for end in by_status.IMG_EXTENSIONS),
        *(("/cat.png", status, "public, max-age=86400") for status in (*range(201, 207), 301, 308)),
        *(("/cat.png", status, "no-cache") for status in (302, 303)),
        ("/cat.PNG", 200, "public, max-age=86400"),
        ("/cat.PNG", 307, "no-cache"),
        ("/cat.PNG", 304, None),
        ("/cat.PNG", 404, "public, max-age=3600"),
        ("/cat.gif", 200, None),
        ("/view?filename=cat.png", 200, None),
    ],
)
async def test_the_later_rule_goes_by_the_path_and_the_status(
    path: str, status: int, value: str | None
) -> None:
    """The rule of v0.33.0 goes by the end of the path, and for pictures by the status; `/view` gets none.

    v0.33.0 的规则看路径的结尾，图片再看状态；`/view` 没有规则。
    """

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application(middlewares=[by_status.cache_control])
    app.router.add_get("/{path:.*}", answer)
    got = await ask(app, path, allow_redirects=False)
    assert (got.status, got.headers.get(RULE)) == (status, value)


@pytest.mark.ours("our middleware, after a later version's")
async def test_a_rule_by_status_keeps_a_missing_picture_for_a_day(tmp_path: Path) -> None:
    """A middleware that goes by the status gives a missing static picture the lifetime of a found one.

    按状态定期限的中间件，会给缺失的静态图片和存在的图片一样的期限。
    """
    got = {}
    logging.disable()
    for name in by_status.NAMES:
        answer = await ask(by_status.build_app(tmp_path, signal=False), f"/{name}.png")
        got[name] = (answer.status, answer.headers.get(RULE))
    assert got == {
        "web/there": (200, "public, max-age=86400"),
        "web/missing": (404, "public, max-age=86400"),
        "returned": (404, "public, max-age=3600"),
        "unknown": (404, None),
        "broken": (500, None),
    }


@pytest.mark.ours("our middleware, after a later version's")
async def test_a_rule_in_the_signal_goes_by_what_leaves(tmp_path: Path) -> None:
    """The same rule in `on_response_prepare` fits what leaves, a 304, a raised 404 and a 500 included.

    同一条规则写进 `on_response_prepare`，跟送出的状态对得上，304、抛出的 404 和 500 也不例外。
    """
    got = []
    logging.disable()
    for name in by_status.NAMES:
        answer = await ask(by_status.build_app(tmp_path, signal=True), f"/{name}.png")
        got.append((answer.status, answer.headers.get(RULE)))
    assert got == [(200, "public, max-age=86400"), *[(404, "public, max-age=3600")] * 3, (500, None)]
    async with TestClient(TestServer(by_status.build_app(tmp_path, signal=True))) as client:
        tag = (await client.get("/web/there.png")).headers["ETag"]
        unchanged = await client.get("/web/there.png", headers={"If-None-Match": tag})
        assert (unchanged.status, unchanged.headers[RULE]) == (304, "public, max-age=86400")
