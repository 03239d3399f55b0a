"""Proofs for the page server/routes."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from aiohttp.web_urldispatcher import PrefixedSubAppResource
from playwright.async_api import Browser

from snippets.recreation import main
from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import flags_set, serving
from snippets.server.routes import answered_by, node_pack, twins, unknown_in_json
from snippets.server.routes.unknown import ask
from tests.real.plugin import COMFYUI

Address = tuple[str, int]
NOBODY, TEXT = "404 application/octet-stream", "404 text/plain"


async def hello(request: web.Request) -> web.Response:
    """Say hello."""
    return web.Response(text="hello")


def at(path: str) -> Callable[[web.RouteTableDef], object]:
    """Return what adds a GET route at a path."""
    return lambda routes: routes.get(path)(hello)


@asynccontextmanager
async def adding(extension: Callable[[web.RouteTableDef], object]) -> AsyncIterator[ClientSession]:
    """Run the server with more routes; yield a client of it."""
    async with serving(prepare=lambda server: extension(server.routes), worker=False) as served:
        yield served.client


@asynccontextmanager
async def whole(root: Path) -> AsyncIterator[Address]:
    """Run the server with one page and files whose names are routes; yield its address."""
    (web_root := root / "front").mkdir()
    (web_root / "index.html").write_text("hello", "utf-8")
    (web_root / "queue").write_text("a file", "utf-8")
    (web_root / "free").write_text("a file", "utf-8")
    (web_root / "internal").mkdir()
    (web_root / "internal/file.txt").write_text("a file", "utf-8")
    async with serving("--front-end-root", str(web_root), worker=False) as served:
        yield served.address


async def statuses(client: ClientSession, paths: Sequence[str], method: str = "GET") -> list[int]:
    """Return the status at each path."""
    return [(await client.request(method, path)).status for path in paths]


async def raw(address: Address, line: str) -> bytes:
    """Send a request line as it stands; return everything that comes back."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_every_route_of_the_server_stands_in_the_router_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each route of the table, a pack's too, is in the router below /api, then as it is; folders come last.

    Both have one handler. Before them the router has /internal, which the table has not.

    表里的每条路由，包括节点包的，路由器里都有两条：先是 /api 下的，再是原样的；目录排在最后。
    两条的处理函数是同一个。它们前面还有 /internal，表里没有它。
    """
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.setitem(EXTENSION_WEB_DIRS, name, str(tmp_path / name))

    def pack(server: PromptServer) -> None:
        at("/mine")(server.routes)
        server.routes.route("*", "/any")(hello)

    async with serving(prepare=pack, worker=False) as served:
        server = served.server
    found = {
        (route.method, route.resource.canonical): inspect.unwrap(route.handler)  # plain ones get wrapped
        for route in server.app.router.routes()
        if route.resource
    }
    defined = [route for route in server.routes if isinstance(route, web.RouteDef)]
    assert len(defined) > 20
    assert {"/mine", "/any"} <= {route.path for route in defined}
    for route in defined:
        path = web.UrlDispatcher().add_resource(route.path).canonical
        assert found[route.method, path] == found[route.method, f"/api{path}"] == route.handler
    paths = [resource.canonical for resource in server.app.router.resources()]
    first, plain = (
        [web.UrlDispatcher().add_resource(prefix + route.path).canonical for route in defined]
        for prefix in ("/api", "")
    )
    assert max(map(paths.index, first)) < min(map(paths.index, plain))
    assert set(paths[:-3]) - {*first, *plain} == {paths[0]} == {"/internal"}
    assert paths[-3:] == ["/extensions/one", "/extensions/two", ""]
    folders = [resource.get_info().get("directory") for resource in server.app.router.resources()]
    ours = [tmp_path / "one", tmp_path / "two", Path(server.web_root)]
    assert folders[-3:] == [folder.resolve() for folder in ours]


async def test_a_folder_in_the_table_stands_in_the_router_once(tmp_path: Path) -> None:
    """A folder that a pack adds to the table is served at its own path and not below /api; a route at both.

    节点包写进表里的目录，只在自己的路径上，/api 下没有；路由则两处都有。
    """
    (tmp_path / "file").write_text("contents")

    def extension(routes: web.RouteTableDef) -> None:
        routes.static("/folder", tmp_path)
        routes.get("/mine")(hello)

    async with adding(extension) as client:
        paths = ["/folder/file", "/api/folder/file", "/mine", "/api/mine"]
        assert await statuses(client, paths) == [200, 404, 200, 200]


@pytest.mark.parametrize(("option", "value"), [("allow_head", False), ("expect_handler", None)])
async def test_a_route_with_options_stops_the_start(option: str, value: Any) -> None:
    """A route with either option, which aiohttp takes, raises TypeError when the routes are added.

    路由写了这两个选项之一，aiohttp 收，添加路由时却抛 TypeError。
    """

    def options(routes: web.RouteTableDef) -> None:
        routes.get("/mine", **{option: value})(hello)

    options(routes := web.RouteTableDef())
    assert web.Application().add_routes(routes)
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{option}'"):
        async with adding(options):
            pass


async def test_the_program_does_not_start_with_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a route that comes twice, or has a name, `start_comfyui` raises what `add_routes` raises.

    路由重复，或者有名字，`add_routes` 抛出的异常 `start_comfyui` 照样抛出。
    """
    given: Any = asyncio.get_running_loop() if COMFYUI else tmp_path
    build = PromptServer.__init__
    broken: list[tuple[list[dict[str, str]], type[Exception]]] = [
        ([{}, {}], RuntimeError),
        ([{"name": "mine"}], TypeError),
    ]
    for routes, error in broken:

        def with_routes(server: PromptServer, loop: Any, routes: list[dict[str, str]] = routes) -> None:
            build(server, loop)
            for options in routes:
                server.routes.get("/mine", **options)(hello)
            if loop is not given:
                loop.close()

        monkeypatch.setattr(PromptServer, "__init__", with_routes)
        with flags_set([]), pytest.raises(error, match=r"never be executed|keyword argument 'name'"):
            main.start_comfyui(given)


async def test_the_socket_has_a_twin_as_well() -> None:
    """A client may connect to /api/ws as well as to /ws.

    连 /ws 可以，连 /api/ws 也可以。
    """
    async with serving(worker=False) as served:
        for path in ("/ws", "/api/ws"):
            socket = await served.client.ws_connect(path)
            assert not socket.closed
            await socket.close()


async def test_folders_have_no_twin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder in the table, and an extension's, are served where they are, not below /api.

    表里的目录、扩展的目录，只在原来的地址上有，/api 下没有。
    """
    (tmp_path / "a.txt").write_text("a", "utf-8")
    monkeypatch.setitem(EXTENSION_WEB_DIRS, "pack", tmp_path)
    paths = ("/docs/a.txt", "/api/docs/a.txt", "/extensions/pack/a.txt", "/api/extensions/pack/a.txt")
    async with adding(lambda routes: routes.static("/docs", tmp_path)) as client:
        assert await statuses(client, paths) == [200, 404, 200, 404]
    if not COMFYUI:  # there the table is filled by the constructor
        await twins.main()
        listed = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
        above = ["/internal/…", "/api/", "/api/free", "/", "/free"]
        assert listed == [*above, "/docs/…", "/extensions/pack/…", "/…"]


async def test_the_sub_application_has_no_twin(tmp_path: Path) -> None:
    """/internal/logs answers; below /api there is no such path, nor one for any other route of /internal.

    /internal/logs 有响应，/api 下没有这个路径；/internal 的别的路由，/api 下也都没有。
    """
    async with whole(tmp_path) as address:
        assert await ask(address, "GET /internal/logs") == "200 application/json"
        assert (await ask(address, "GET /api/internal/logs")).startswith("404 ")
    async with serving(worker=False) as served:
        resources = {resource.canonical: resource for resource in served.server.app.router.resources()}
    assert isinstance(resources["/internal"], PrefixedSubAppResource)
    assert not any(
        route.path.startswith("/internal")
        for route in served.server.routes
        if isinstance(route, web.RouteDef)
    )
    below = [resource.canonical for route in resources["/internal"] if (resource := route.resource)]
    assert "/internal/logs/subscribe" in below
    assert not resources.keys() & {f"/api{path}" for path in [*below, "/internal"]}


async def test_the_twin_of_the_root_ends_with_a_slash(tmp_path: Path) -> None:
    """The start page is at / and /api/, and not at /api.

    首页在 / 和 /api/，不在 /api。
    """
    async with whole(tmp_path) as address:
        assert await ask(address, "GET /") == await ask(address, "GET /api/") == "200 text/html"
        assert (await ask(address, "GET /api")).startswith("404 ")


async def test_a_route_below_api_gets_api_twice() -> None:
    """A route that begins with /api answers below /api/api too.

    路由本来就以 /api 开头的，在 /api/api 下也有。
    """
    async with adding(lambda routes: routes.get("/api/jobs")(hello)) as client:
        assert await statuses(client, ("/api/jobs", "/api/api/jobs", "/jobs")) == [200, 200, 404]


async def test_a_route_in_time_is_served_twice_a_late_one_is_lost() -> None:
    """A route in the table before it is read has both addresses; put in afterwards it is lost without error.

    GET gets a 404 there, another method a 405.

    路由赶在读表之前写进去，两个地址都有；读完再写就丢失，也不报错：GET 得到 404，别的方法得到 405。
    """
    server = PromptServer(asyncio.get_running_loop())
    server.routes.get("/in-time")(hello)
    server.add_routes()
    server.routes.get("/late")(hello)
    server.routes.post("/late")(hello)
    async with TestClient(TestServer(server.app)) as client:
        paths = ("/in-time", "/api/in-time", "/late", "/api/late")
        assert [(await client.get(path)).status for path in paths] == [200, 200, 404, 404]
        assert [(await client.post(path)).status for path in paths[2:]] == [405, 405]


async def test_an_extension_cannot_replace_a_route() -> None:
    """A second route for the path and method of any of the server's, or of another pack's, answers nowhere, and is no error.

    服务器的每条路由、别的节点包的路由，再给同一路径、同一方法加一条，都不会执行，也不报错。
    """  # noqa: E501
    for path, text in (("/prompt", '{"exec_info": {"queue_remaining": 0}}'), ("/mine", "hello")):
        async with adding(at(path)) as client:
            assert await (await client.get(path)).text() == text

    async def other(request: web.Request) -> web.Response:
        return web.Response(text="other")

    def two_packs(routes: web.RouteTableDef) -> None:
        for handler, path in ((hello, "/one"), (other, "/two")):
            routes.get("/shared")(handler)
            routes.get(path)(handler)

    async with adding(two_packs) as client:
        texts = [await (await client.get(path)).text() for path in ("/shared", "/api/shared", "/two")]
        assert texts == ["hello", "hello", "other"]
    first: list[web.RouteDef] = []

    def repeat_all(routes: web.RouteTableDef) -> None:
        first.extend(route for route in routes if isinstance(route, web.RouteDef))
        for route in first:
            routes.route(route.method, route.path)(hello)

    async with serving(prepare=lambda server: repeat_all(server.routes), worker=False) as served:
        resolve = served.server.app.router.resolve
        for route in first:
            for prefix in ("", "/api"):
                path = prefix + route.path.replace("{", "").replace("}", "")
                request = make_mocked_request(route.method, path)
                handler = (await resolve(request)).handler
                assert inspect.unwrap(handler) == route.handler != hello
    assert len(first) > 20


async def test_a_fixed_path_goes_before_a_placeholder() -> None:
    """A pack's route `/object_info/KSampler` goes before `/object_info/{node_class}`, which has the others.

    节点包的路由 `/object_info/KSampler` 先于 `/object_info/{node_class}`；别的节点仍归后者。
    """
    async with adding(lambda routes: routes.get("/object_info/KSampler")(hello)) as client:
        for prefix in ("", "/api"):
            for node, replaced in (("KSampler", True), ("SaveImage", False)):
                text = await (await client.get(f"{prefix}/object_info/{node}")).text()
                assert (text == "hello") is replaced
                assert replaced or [*json.loads(text)] == [node]


PAGE = """<!doctype html><link rel=icon href=data:,>
<script type=module src="/extensions/my_pack/hello.js"></script>"""
APP = """import { opened } from "./api.js";
export const app = { registerExtension: (extension) => opened.then(() => extension.setup()) };"""
API = """class Api extends EventTarget {
  clientId = "page";
  fetchApi(route, options) { return fetch("/api" + route, options); }
}
export const api = new Api();
const ws = new WebSocket(`ws://${location.host}/ws?clientId=page`);
export const opened = new Promise((done) => { ws.onopen = done; });
ws.onmessage = (event) => {
  const { type, data } = JSON.parse(event.data);
  api.dispatchEvent(new CustomEvent(type, { detail: data }));
};"""


async def test_a_node_pack_adds_a_route_and_sends_a_message_to_its_page() -> None:
    """A pack's route answers below /api too; what it sends by `send_sync` reaches the one client it names.

    Without a name it reaches all clients. The pack is its `__init__.py` as a reader copies it, imported as
    `server` calls for; its folder `web` is served below /extensions/my_pack/ and listed.

    节点包的路由在 /api 下也有响应，它用 `send_sync` 发的消息只到它指名的那个客户端，没指名就到所有客户端。
    节点包就是读者照抄的那个 `__init__.py`；它的 `web` 目录挂在 /extensions/my_pack/ 下面，也列了出来。
    """
    async with serving(prepare=node_pack.import_node_pack, worker=False) as served:
        scripts = await (await served.client.get("/extensions")).json()
        assert "/extensions/my_pack/hello.js" in scripts
        assert (await served.client.get("/extensions/my_pack/hello.js")).status == 200
        me = await served.client.ws_connect("/ws?clientId=me")
        other = await served.client.ws_connect("/ws?clientId=other")
        for ws in (me, other):
            assert (await ws.receive_json())["type"] == "status"
        asked = {"name": "a", "client_id": "me"}
        for path in ("/my_pack/greet", "/api/my_pack/greet"):
            assert (await served.client.post(path, json=asked)).status == 200
            message = await me.receive_json()
            assert (message["type"], message["data"]) == ("my_pack.greeting", {"text": "hello, a"})
        assert (await served.client.post("/my_pack/greet", json={"name": "all"})).status == 200
        for ws in (me, other):  # the first that the other one receives
            assert (await ws.receive_json())["data"] == {"text": "hello, all"}
        await me.close()
        await other.close()


async def test_a_script_of_the_pack_calls_the_route_and_gets_the_message(
    chromium: Browser, tmp_path: Path
) -> None:
    """In Chromium the pack's script, with stand-ins for app.js and api.js, posts and gets the message.

    在 Chromium 里，节点包的脚本（app.js 和 api.js 是替身）向路由发 POST，并收到发回的消息。
    """
    files = {"index.html": PAGE, "scripts/app.js": APP, "scripts/api.js": API}
    (tmp_path / "scripts").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    flags = "--front-end-root", str(tmp_path)
    async with serving(*flags, prepare=node_pack.import_node_pack, worker=False) as served:
        page = await chromium.new_page()
        await page.goto("http://{}:{}/".format(*served.address))
        await page.wait_for_function("document.title === 'hello, page'")
        listed = await page.evaluate("fetch('/extensions').then(r => r.json())")
        assert "/extensions/my_pack/hello.js" in listed
        await page.close()


async def test_one_path_twice_in_a_row_stops_the_start() -> None:
    """Two routes for one path, where the second adds a method that the first has, raise RuntimeError, unless a route with another path is between.

    A GET adds HEAD too; a first `*` has all methods, but a POST before a `*` is no error.

    两条路由的路径一样，第二条要加的方法第一条已经有，就抛 RuntimeError；中间隔着另一个路径的路由，就不会。
    GET 同时加上 HEAD；第一条是 `*` 就有全部方法，先 POST 再 `*` 则可以。
    """  # noqa: E501
    router = web.UrlDispatcher()
    for method, path in (("POST", "/a"), ("PUT", "/a"), ("POST", "/b"), ("DELETE", "/a")):
        router.add_route(method, path, hello)
    joined = [(each.canonical, [route.method for route in each]) for each in router.resources()]
    assert joined == [("/a", ["POST", "PUT"]), ("/b", ["POST"]), ("/a", ["DELETE"])]  # neighbours alone

    def add(*lines: str) -> Callable[[web.RouteTableDef], None]:
        def extension(routes: web.RouteTableDef) -> None:
            for method, path in (line.split() for line in lines):
                routes.route(method, path)(hello)

        return extension

    for refused in (
        add("POST /mine", "POST /mine"),
        add("POST /mine", "GET /mine", "POST /mine"),
        add("POST /history"),
    ):
        message = "Added route will never be executed, method POST is already registered"
        with pytest.raises(RuntimeError, match=message):
            async with adding(refused):
                pass
    with pytest.raises(RuntimeError, match=r"method \* is already registered"):
        async with adding(add("* /mine", "POST /mine")):
            pass
    for first in ("GET", "HEAD"):
        for second in ("GET", "HEAD"):
            with pytest.raises(RuntimeError, match="method HEAD is already registered"):
                async with adding(add(f"{first} /mine", f"{second} /mine")):
                    pass
    async with adding(add("POST /mine", "* /mine")) as client:
        assert await statuses(client, ["/mine", "/api/mine"]) == [200, 200]
    async with adding(add("GET /other", "POST /history")):
        pass
    async with adding(add("POST /mine", "GET /other", "POST /mine")) as client:
        assert await statuses(client, ["/mine", "/api/mine"], "POST") == [200, 200]


async def test_a_named_route_stops_the_start() -> None:
    """A route with a name, which aiohttp takes, raises TypeError when the routes are added.

    有名字的路由，aiohttp 收，添加路由时却抛 TypeError。
    """

    def named(routes: web.RouteTableDef) -> None:
        routes.get("/mine", name="mine")(hello)

    named(routes := web.RouteTableDef())
    assert web.Application().add_routes(routes)
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'name'"):
        async with adding(named):
            pass


async def test_an_unknown_path_gets_an_empty_404(tmp_path: Path) -> None:
    """An unknown path is a 404 of type application/octet-stream without a body; HEAD is a 404 there, too.

    未知的路径得到 404，类型 application/octet-stream，没有正文；HEAD 也是 404。
    """
    async with whole(tmp_path) as address:
        unknown = ["/nope", "/api/nope", "/interruptx", "/history/", "/history%2F", "/api%2Fqueue", "/api"]
        for path in (*unknown, "/api/internal/logs", "/interrupt", "/api/interrupt"):  # or POST only
            assert await ask(address, f"GET {path}") == NOBODY
            assert await ask(address, f"HEAD {path}") == "404"
            head, _, body = (await raw(address, f"GET {path}")).partition(b"\r\n\r\n")
            assert body == (b"0\r\n\r\n" if b"chunked" in head else b"")
        assert (await raw(address, "GET /queue%2F")).endswith(b"\r\n\r\na file")


async def test_a_request_goes_down_the_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step answers what reaches it, though a later one has something at the same path.

    每一步都响应走到它的请求，哪怕后面的步骤在同一路径上也有东西。
    """
    files = "queue", "free", "page.x", "internal/file", "folder/file", "extensions/file", "extensions/pack/a"
    for name in ("pack/a", "front/extensions/pack/b", *(f"front/{name}" for name in files)):
        (path := tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    monkeypatch.setitem(EXTENSION_WEB_DIRS, "pack", str(tmp_path / "pack"))

    def extension(server: PromptServer) -> None:
        for path in ("/internal/mine", "/{name}.x"):
            server.routes.get(path)(hello)

    nothing, wrong = (404, "404: Not Found"), (405, "405: Method Not Allowed")
    forbidden = 403, "403: Forbidden"
    expected = {
        **{f"OPTIONS /{name}": (200, "") for name in ("queue", "internal/logs", "extensions/pack/a", "free")},
        "GET /queue": (200, '{"queue_running": [], "queue_pending": []}'),
        "GET /internal/mine": (200, "hello"),
        "GET /page.x": (200, "hello"),
        "GET /internal/file": nothing,
        "POST /internal/file": nothing,
        "GET /internal": nothing,
        "DELETE /queue": wrong,
        "POST /folder/file": wrong,
        "POST /extensions/pack/a": wrong,
        "HEAD /free": (200, ""),
        "GET /extensions/pack/a": (200, "pack/a"),
        "GET /extensions/pack/b": (404, ""),
        "GET /extensions/pack": forbidden,
        "GET /extensions/file": (200, "front/extensions/file"),
        "GET /free": (200, "front/free"),
        "GET /folder": forbidden,
        "GET /folder/none": (404, ""),
    }
    flags = "--front-end-root", str(tmp_path / "front")
    async with serving(*flags, prepare=extension, worker=False) as served:
        for line, answer in expected.items():
            response = await served.client.request(*line.split())
            assert (response.status, await response.text()) == answer, line
            assert ("Allow" in response.headers) is (answer == wrong)
        assert await statuses(served.client, ["/internal/logs"]) == [200]


async def test_where_nothing_is_other_methods_are_405(tmp_path: Path) -> None:
    """Any method of RFC 9110 and PATCH, but GET, HEAD, OPTIONS, CONNECT, is a 405 there; OPTIONS an empty 200 or, to a foreign page, 403.

    RFC 9110 的方法加上 PATCH，除了 GET、HEAD、OPTIONS、CONNECT，在那里都是 405；OPTIONS 是空的 200，外站页面得到 403。
    """  # noqa: E501
    async with whole(tmp_path) as address:
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
            for path in ("/nope", "/api/nope"):
                assert await ask(address, f"{method} {path}") == "405 text/plain GET,HEAD"
        for path in ("/nope", "/internal/nope"):
            answer = await raw(address, f"OPTIONS {path}")
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"Content-Length: 0\r\n" in answer
    async with serving(worker=False) as served:
        foreign = {"Origin": "http://evil.example"}
        assert (await served.client.options("/nope", headers=foreign)).status == 403
    async with serving("--enable-cors-header", worker=False) as served:
        response = await served.client.options("/nope")
        assert (response.status, await response.read()) == (200, b"")


async def test_a_wrong_method_is_405_but_get_is_404(tmp_path: Path) -> None:
    """A wrong method is a 405 with all methods allowed; where no route takes GET, it looks for a file.

    Below /internal a wrong method, GET too, is a 405 without the folder's methods.

    方法不对是 405，Allow 里列出所有可用的；没有路由接受 GET 的地方，GET 是去找文件。
    /internal 里方法不对也是 405，GET 也一样，Allow 里没有文件夹的方法。
    """
    async with whole(tmp_path) as address:
        for prefix in ("", "/api"):
            assert await ask(address, f"DELETE {prefix}/queue") == "405 text/plain GET,HEAD,POST"
            assert await ask(address, f"DELETE {prefix}/interrupt") == "405 text/plain GET,HEAD,POST"
            assert (await ask(address, f"GET {prefix}/interrupt")).startswith("404 ")
        assert (await raw(address, "GET /free")).endswith(b"\r\n\r\na file")
        (tmp_path / "front/api").mkdir()
        for name in ("name.txt", "api/name.txt"):
            (tmp_path / "front" / name).write_text("named", "utf-8")
            assert (await raw(address, f"GET /{name}")).endswith(b"\r\n\r\nnamed")
        for method in ("GET", "DELETE"):  # below /internal only its own methods count
            assert await ask(address, f"{method} /internal/logs/subscribe") == "405 text/plain PATCH"


async def test_a_slash_more_is_another_path(tmp_path: Path) -> None:
    """With a slash at its end a route's path is looked up as a file.

    路由的路径末尾多一条斜线，就当文件去找。
    """
    async with whole(tmp_path) as address:
        assert await ask(address, "GET /queue") == "200 application/json"
        assert (await raw(address, "GET /queue/")).endswith(b"\r\n\r\na file")
        assert (await ask(address, "GET /history/")).startswith("404 ")


async def test_what_leads_outside_is_refused_in_text(tmp_path: Path) -> None:
    """A path that would leave the folder, by `..`, a second slash or a link, is a 404 with a line of text.

    要走出目录的路径，用 `..` 也好，开头两条斜线也好，符号链接也好，得到带一行文字的 404。
    """
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    async with whole(tmp_path) as address:
        (tmp_path / "front/link").symlink_to(tmp_path / "secret.txt")
        for path in ("/../secret.txt", "/..%2Fsecret.txt", "//queue", "/link"):
            assert await ask(address, f"GET {path}") == TEXT
            assert (await raw(address, f"GET {path}")).endswith(b"\r\n\r\n404: Not Found")


async def test_the_step_that_answers_is_the_one_of_the_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPTIONS, routes, /internal, 405 unless GET or HEAD, a pack's folder, then the front end's answer.

    The folder: a 404 in text outside, a file, a 403 for a folder, else the empty 404.

    依次由这些响应：OPTIONS、路由、/internal、除 GET 和 HEAD 以外都返回的 405、节点包的文件夹、前端的文件夹。
    前端的文件夹：指向外面是带文字的 404，文件就发送，文件夹是 403，其余是空的 404。
    """
    (pack := tmp_path / "pack").mkdir()
    (pack / "a.txt").write_text("the pack's", "utf-8")
    (root := tmp_path / "front").mkdir()
    (root / "index.html").write_text("hello", "utf-8")
    (root / "sub").mkdir()
    (root / "sub/a.txt").write_text("the front end's", "utf-8")
    monkeypatch.setitem(EXTENSION_WEB_DIRS, "pack", str(pack))
    paths = "/queue", "/nope", "/index.html", "/sub", "/sub/a.txt", "//nope", "/../nope", "/internal/nope"
    got: dict[str, set[str]] = {}
    for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS"):
        for path in (*paths, "/extensions/pack/a.txt", "/extensions/pack/b.txt"):
            *_, last, answer = (await answered_by.follow(root, f"{method} {path}")).split(", ")
            got.setdefault(last, set()).add(answer if method == "GET" else answer.split()[0])
            if last == "route yes":
                assert (method, path) in {("GET", "/queue"), ("HEAD", "/queue"), ("POST", "/queue")}
            assert (last == "internal yes") == (path == "/internal/nope" and method != "OPTIONS")
            assert (last == "pack yes") == ("pack" in path and method in ("GET", "HEAD"))
    assert got == {
        "options yes": {"200"},
        "route yes": {"200 application/json", "200", "500"},  # POST, without a body
        "internal yes": {TEXT, "404"},
        "method no": {"405"},
        "pack yes": {"200 text/plain", "200", NOBODY, "404"},
        "outside yes": {TEXT, "404"},
        "file yes": {"200 text/html", "200 text/plain", "200"},
        "folder yes": {"403 text/plain", "403"},
        "folder no": {NOBODY, "404"},
    }


async def test_the_folder_itself_is_a_403(tmp_path: Path) -> None:
    """Without the handler of the start page `/` is a 403, though the folder holds an index.html.

    没有首页的处理函数，目录里有 index.html，`/` 也是 403。
    """
    (tmp_path / "index.html").write_text("hello", "utf-8")

    def take_away(server: PromptServer) -> None:
        server.routes = web.RouteTableDef()  # empty

    flags = "--front-end-root", str(tmp_path)
    async with serving(*flags, worker=False) as served:
        assert (await served.client.get("/")).status == 200
    async with serving(*flags, worker=False, prepare=take_away) as served:
        assert await statuses(served.client, ("/", "/index.html")) == [403, 200]


async def test_the_start_page_carries_three_headers(tmp_path: Path) -> None:
    """/ and /api/ carry Cache-Control, Pragma and Expires, for GET and HEAD.

    / 和 /api/ 都带 Cache-Control、Pragma、Expires，GET、HEAD 都一样。
    """
    async with whole(tmp_path) as address:
        for line in ("GET /", "HEAD /", "GET /api/", "GET /?x=1"):
            answer = await raw(address, line)
            assert answer.startswith(b"HTTP/1.1 200")
            for header in (b"Cache-Control: no-cache", b"Pragma: no-cache", b"Expires: 0"):
                assert b"\r\n" + header + b"\r\n" in answer


async def test_the_same_page_as_a_file_carries_none(tmp_path: Path) -> None:
    """/index.html is the same page without any of the three.

    /index.html 是同一个页面，三个头部一个也没有。
    """
    async with whole(tmp_path) as address:
        root, file = await raw(address, "GET /"), await raw(address, "GET /index.html")
    assert file.endswith(b"\r\n\r\nhello") == root.endswith(b"\r\n\r\nhello") is True
    for name in (b"Cache-Control", b"Pragma", b"Expires"):
        assert name in root
        assert name not in file


async def test_an_answer_of_its_own_for_everything_below_api(tmp_path: Path) -> None:
    """A last route for /api/… answers unknown paths and wrong methods in JSON, and leaves routes, `/api/` too, and files elsewhere alone.

    给 /api/… 加最后一条路由：未知路径、方法不对都返回 JSON；路由（包括 `/api/`）和别处的文件不受影响。
    """  # noqa: E501
    for name, text in (("a.txt", "a"), ("index.html", "start")):
        (tmp_path / name).write_text(text, "utf-8")
    flags, server_class = ("--front-end-root", str(tmp_path)), unknown_in_json.OwnServer
    async with serving(*flags, server_class=server_class, worker=False) as served:
        client = served.client
        for method, path in (
            *((method, "/api/nope") for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")),
            ("POST", "/api/embeddings"),
            *(("DELETE", f"/api/{name}") for name in ("queue", "interrupt", "models/x")),
            ("GET", "/api/a/b"),
        ):
            response = await client.request(method, path)
            assert (response.status, await response.json()) == (404, {"error": f"no {method} {path}"})
        queue = '{"queue_running": [], "queue_pending": []}'
        alone = {"/api/queue": queue, "/queue": queue, "/api/": "start", "/": "start", "/a.txt": "a"}
        for path, text in alone.items():
            assert await (await client.get(path)).text() == text
        assert (await client.get("/nope")).content_type == "application/octet-stream"
        paths = [resource.canonical for resource in served.server.app.router.resources()]
        begin_no_longer = {path for path in paths if path.partition("{")[0] == "/api/"}
        assert begin_no_longer == {"/api/", "/api/{rest}"}
