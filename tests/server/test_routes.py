"""Proofs for the page server/routes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.recreation.part import PARTS, build

from snippets.server.routes import home, late, missing, names
from snippets.server.routes.part import add_routes
from snippets.server.routes.unknown import ask
from tests.client import ask as ask_app
from tests.server.local import serving

NOBODY, TEXT = "404 application/octet-stream", "404 text/plain"


async def hello(request: web.Request) -> web.Response:
    """Say hello."""
    return web.Response(text="hello")


def small(root: Path, *table: web.AbstractRouteDef, **extensions: Path) -> web.Application:
    """Return a server with this table and these extensions."""
    server = PromptServer(Settings.below(root))
    server.extensions.update(extensions)
    add_routes(server, table)
    return server.app


@asynccontextmanager
async def whole(root: Path) -> AsyncIterator[web.AppRunner]:
    """Run the whole re-creation, with one page and two files whose names are routes."""
    (web_root := root / "front").mkdir()
    (web_root / "index.html").write_text("hello", "utf-8")
    (web_root / "queue").write_text("a file", "utf-8")
    (web_root / "internal").mkdir()
    (web_root / "internal/file.txt").write_text("a file", "utf-8")
    async with serving(["--front-end-root", str(web_root)], root) as runner:
        yield runner


async def statuses(app: web.Application, paths: Sequence[str], method: str = "GET") -> list[int]:
    """Return the status at each path."""
    async with TestClient(TestServer(app)) as client:
        return [(await client.request(method, path)).status for path in paths]


async def raw(runner: web.AppRunner, line: str) -> bytes:
    """Send a request line as it stands; return everything that comes back."""
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_every_route_of_the_server_stands_in_the_router_twice(tmp_path: Path) -> None:
    """Each route that the parts define is in the router twice, as it is and below /api, with one handler.

    各部分定义的每条路由，路由器里都有两条：原样一条，/api 下一条，处理函数是同一个。
    """
    router = build(Settings.below(tmp_path)).app.router
    found = {(r.method, r.resource.canonical): r.handler for r in router.routes() if r.resource}
    defined = [route for part in PARTS for route in part.routes if isinstance(route, web.RouteDef)]
    assert len(defined) > 20
    for route in defined:
        twins = {found[route.method, prefix + route.path] for prefix in ("", "/api")}
        assert len(twins) == 1


async def test_the_options_of_a_route_are_copied_too(tmp_path: Path) -> None:
    """A route added with `allow_head=False` refuses HEAD at both addresses.

    路由写了 `allow_head=False`，两个地址都不接 HEAD。
    """
    app = small(tmp_path, web.get("/with", hello), web.get("/without", hello, allow_head=False))
    paths = ("/with", "/api/with", "/without", "/api/without")
    assert await statuses(app, paths, "HEAD") == [200, 200, 404, 404]


async def test_the_socket_has_a_twin_as_well(tmp_path: Path) -> None:
    """A client may connect to /api/ws as well as to /ws.

    连 /ws 可以，连 /api/ws 也可以。
    """
    async with TestClient(TestServer(build(Settings.below(tmp_path)).app)) as client:
        for path in ("/ws", "/api/ws"):
            socket = await client.ws_connect(path)
            assert not socket.closed
            await socket.close()


async def test_folders_have_no_twin(tmp_path: Path) -> None:
    """A folder in the table, and an extension's, are served where they are, not below /api.

    表里的目录、扩展的目录，只在原来的地址上有，/api 下没有。
    """
    (folder := tmp_path / "files").mkdir()
    (folder / "a.txt").write_text("a", "utf-8")
    app = small(tmp_path, web.static("/docs", folder), pack=folder)
    paths = ("/docs/a.txt", "/api/docs/a.txt", "/extensions/pack/a.txt", "/api/extensions/pack/a.txt")
    assert await statuses(app, paths) == [200, 404, 200, 404]


async def test_the_sub_application_has_no_twin(tmp_path: Path) -> None:
    """/internal/logs answers; below /api there is no such path.

    /internal/logs 有回音，/api 下没有这个路径。
    """
    async with whole(tmp_path) as runner:
        assert await ask(runner, "GET /internal/logs") == "200 application/json"
        assert await ask(runner, "GET /api/internal/logs") == NOBODY


async def test_the_twin_of_the_root_ends_with_a_slash(tmp_path: Path) -> None:
    """The start page is at / and /api/, and not at /api.

    首页在 / 和 /api/，不在 /api。
    """
    async with whole(tmp_path) as runner:
        assert await ask(runner, "GET /") == await ask(runner, "GET /api/") == "200 text/html"
        assert await ask(runner, "GET /api") == NOBODY


async def test_a_route_below_api_gets_api_twice(tmp_path: Path) -> None:
    """A route that begins with /api answers below /api/api too.

    路由本来就以 /api 开头的，在 /api/api 下也有。
    """
    app = small(tmp_path, web.get("/api/jobs", hello))
    assert await statuses(app, ("/api/jobs", "/api/api/jobs", "/jobs")) == [200, 200, 404]


async def test_a_route_in_time_is_served_twice_a_late_one_is_lost(tmp_path: Path) -> None:
    """A route in the table before it is read has both addresses; put in afterwards it is lost without error.

    路由赶在读表之前写进去，两个地址都有；读完再写，没了，也不报错。
    """
    paths = ("/in-time", "/api/in-time", "/in-the-table", "/api/in-the-table")
    assert await statuses(late.build_app(tmp_path), paths) == [200, 200, 404, 404]


async def test_a_route_put_into_the_router_has_no_twin(tmp_path: Path) -> None:
    """A route put straight into the router before the start is served at its own address only.

    启动之前直接放进路由器的路由，只有自己那个地址。
    """
    paths = ("/in-the-router", "/api/in-the-router")
    assert await statuses(late.build_app(tmp_path), paths) == [200, 404]


async def test_an_extension_cannot_replace_a_route(tmp_path: Path) -> None:
    """Of two routes for one path and method the first answers, and the second never, without an error.

    同一路径、同一方法有两条路由，总是第一条来答，第二条永远轮不到，也不报错。
    """
    assert await names.attempt(names.EXTENSIONS["the server's path"], tmp_path) == "the server's"
    assert await names.attempt(names.EXTENSIONS["a path of its own"], tmp_path) == "the extension's"


async def test_one_path_twice_in_a_row_stops_the_start(tmp_path: Path) -> None:
    """Directly behind one another, two routes for one path and method raise RuntimeError.

    紧挨着的两条路由，路径和方法都一样，就抛 RuntimeError。
    """
    with pytest.raises(RuntimeError, match="will never be executed"):
        small(tmp_path, *names.EXTENSIONS["one path twice"])


async def test_a_named_route_stops_the_start(tmp_path: Path) -> None:
    """A route with a name raises ValueError: its twin has the name already.

    有名字的路由抛 ValueError：这个名字已经给了它的孪生路由。
    """
    with pytest.raises(ValueError, match="Duplicate 'mine'"):
        small(tmp_path, *names.EXTENSIONS["a name"])
    assert web.Application().add_routes(names.EXTENSIONS["a name"])


async def test_an_unknown_path_gets_an_empty_404(tmp_path: Path) -> None:
    """An unknown path is a 404 of type application/octet-stream without a body.

    未知的路径得到 404，类型 application/octet-stream，没有正文。
    """
    async with whole(tmp_path) as runner:
        for path in ("/nope", "/api/nope", "/interruptx"):
            assert await ask(runner, f"GET {path}") == NOBODY
            head, _, body = (await raw(runner, f"GET {path}")).partition(b"\r\n\r\n")
            assert body == (b"0\r\n\r\n" if b"chunked" in head else b"")


async def test_where_nothing_is_other_methods_are_405(tmp_path: Path) -> None:
    """POST to an unknown path is a 405 that allows GET and HEAD.

    往未知的路径 POST，得到 405，说可以用 GET 和 HEAD。
    """
    async with whole(tmp_path) as runner:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert await ask(runner, f"{method} /nope") == "405 text/plain GET,HEAD"


async def test_a_wrong_method_is_405_but_get_is_404(tmp_path: Path) -> None:
    """A wrong method is a 405 with all methods allowed; but GET where there is only POST is a 404.

    方法不对是 405，Allow 里列出所有可用的；可只有 POST 的地方，GET 是 404。
    """
    async with whole(tmp_path) as runner:
        for prefix in ("", "/api"):
            assert await ask(runner, f"DELETE {prefix}/queue") == "405 text/plain GET,HEAD,POST"
            assert await ask(runner, f"DELETE {prefix}/interrupt") == "405 text/plain GET,HEAD,POST"
            assert await ask(runner, f"GET {prefix}/interrupt") == NOBODY


async def test_a_slash_more_is_another_path(tmp_path: Path) -> None:
    """With a slash at its end, plain or encoded, a route's path is looked up as a file.

    路由的路径末尾多一条斜线，明写也好、编码也好，都当文件去找。
    """
    async with whole(tmp_path) as runner:
        assert await ask(runner, "GET /queue") == "200 application/json"
        for path in ("/queue/", "/queue%2F"):
            assert (await raw(runner, f"GET {path}")).endswith(b"\r\n\r\na file")
        for path in ("/history/", "/history%2F", "/api%2Fqueue"):
            assert await ask(runner, f"GET {path}") == NOBODY


async def test_encoded_letters_do_reach_a_route(tmp_path: Path) -> None:
    """A letter may be percent-encoded; the case of letters counts.

    字母可以百分号编码；大小写要对。
    """
    async with whole(tmp_path) as runner:
        assert await ask(runner, "GET /%71ueue") == "200 application/json"
        assert await ask(runner, "GET /QUEUE") == NOBODY


async def test_dots_lead_to_files_and_never_to_a_route(tmp_path: Path) -> None:
    """`..` is not worked out for routes: /api/../queue is the file of that name, /api/../history nothing.

    `..` 不会替路由算好：/api/../queue 是那个文件，/api/../history 什么也不是。
    """
    async with whole(tmp_path) as runner:
        assert (await raw(runner, "GET /api/../queue")).endswith(b"\r\n\r\na file")
        assert await ask(runner, "GET /api/../history") == NOBODY


async def test_what_leads_outside_is_refused_in_text(tmp_path: Path) -> None:
    """A path that would leave the folder, by `..` or a second slash, is a 404 with a line of text.

    要走出目录的路径，用 `..` 也好，开头两条斜线也好，得到带一行文字的 404。
    """
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    async with whole(tmp_path) as runner:
        for path in ("/../secret.txt", "/..%2Fsecret.txt", "//queue"):
            assert await ask(runner, f"GET {path}") == TEXT


async def test_a_route_hides_a_file_of_its_name(tmp_path: Path) -> None:
    """A file with the name of a route is not served there, nor is any file below /internal.

    文件和路由同名，那个地址上发的不是文件；/internal 下的文件一个也发不出来。
    """
    async with whole(tmp_path) as runner:
        assert await ask(runner, "GET /queue") == "200 application/json"
        assert await ask(runner, "GET /internal/file.txt") == TEXT
        assert await ask(runner, "GET /internal") == TEXT


async def test_the_start_page_carries_three_headers(tmp_path: Path) -> None:
    """/ and /api/ carry Cache-Control, Pragma and Expires, for GET and HEAD.

    / 和 /api/ 都带 Cache-Control、Pragma、Expires，GET、HEAD 都一样。
    """
    async with whole(tmp_path) as runner:
        for line in ("GET /", "HEAD /", "GET /api/", "GET /?x=1"):
            answer = await raw(runner, line)
            assert answer.startswith(b"HTTP/1.1 200")
            for header in (b"Cache-Control: no-cache", b"Pragma: no-cache", b"Expires: 0"):
                assert b"\r\n" + header + b"\r\n" in answer


async def test_the_same_page_as_a_file_carries_none(tmp_path: Path) -> None:
    """/index.html is the same page without any of the three.

    /index.html 是同一个页面，三个头部一个也没有。
    """
    async with whole(tmp_path) as runner:
        root, file = await raw(runner, "GET /"), await raw(runner, "GET /index.html")
    assert file.endswith(b"\r\n\r\nhello") == root.endswith(b"\r\n\r\nhello") is True
    for name in (b"Cache-Control", b"Pragma", b"Expires"):
        assert name in root
        assert name not in file


async def test_a_missing_start_page_is_a_404_with_the_headers(tmp_path: Path) -> None:
    """Without index.html, / is a 404 that carries the three headers.

    没有 index.html，/ 答 404，三个头部照带。
    """
    app = small(tmp_path, *home.routes)
    answer = await ask_app(app)
    assert answer.status == 404
    assert {answer.headers[n] for n in ("Cache-Control", "Pragma", "Expires")} == {"no-cache", "0"}


async def test_an_answer_of_its_own_for_everything_below_api(tmp_path: Path) -> None:
    """A last route for /api/… answers unknown paths and wrong methods in JSON, and leaves files and routes alone.

    给 /api/… 加最后一条路由：未知路径、方法不对都答 JSON；文件和路由不受影响。
    """  # noqa: E501
    app = missing.build_app(tmp_path)
    (tmp_path / "web/a.txt").write_text("a", "utf-8")
    async with TestClient(TestServer(app)) as client:
        for method, path in (("GET", "/api/nope"), ("POST", "/api/ready"), ("GET", "/api/a/b")):
            answer = await client.request(method, path)
            assert (answer.status, await answer.json()) == (404, {"error": f"no {method} {path}"})
        for path, text in (("/api/ready", "ready"), ("/ready", "ready"), ("/a.txt", "a")):
            assert await (await client.get(path)).text() == text
        assert (await client.get("/nope")).content_type == "application/octet-stream"
