"""Proofs for the page aiohttp/static-files."""

import asyncio
import gzip
import itertools
import mimetypes
import os
from http.client import HTTPResponse
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler
from aiohttp.web_fileresponse import CONTENT_TYPES
from playwright.async_api import Browser, Error
from yarl import URL

from snippets.aiohttp.static_files import (
    by_name,
    changing,
    content_types,
    mounts,
    names,
    one_file,
    traversal,
    two_rules,
)
from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.serving import serving
from tests.client import ask, trace


def serve(
    folder: Path, prefix: str = "/", *, follow_symlinks: bool = False, show_index: bool = False
) -> web.Application:
    """Return an application with one static folder."""
    app = web.Application()
    app.router.add_static(prefix, folder, follow_symlinks=follow_symlinks, show_index=show_index)
    return app


async def get_unchanged(app: web.Application, path: str) -> HTTPResponse:
    """Start the application and send it a path unchanged."""
    async with TestServer(app) as server:
        return await asyncio.to_thread(traversal.ask, server, path)


async def test_one_file_gives_five_answers(tmp_path: Path) -> None:
    """One static file answers GET, HEAD, Range, If-None-Match and Accept-Encoding, each time with a FileResponse.

    一个静态文件不用写处理函数，就能响应 GET、HEAD、Range、If-None-Match 和 Accept-Encoding，每次都是 FileResponse。
    """  # noqa: E501
    got, kinds = [], []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        kinds.append(type(response))
        return response

    app = one_file.build_app(tmp_path)
    app.middlewares.append(note)
    async with one_file.connect(app) as client:
        for name, fields in one_file.REQUESTS.items():
            response = await client.request(name.split()[0], "/note.txt", headers=fields)
            got.append((response.status, response.headers.get("Content-Length"), await response.text()))
    assert got == [
        (200, "5", "hello"),
        (200, "5", ""),
        (206, "3", "ell"),
        (304, None, ""),
        (200, "6", "packed"),
    ]
    assert kinds == [web.FileResponse] * 5


async def test_head_sends_the_headers_of_get(tmp_path: Path) -> None:
    """HEAD on a static file sends GET's fields: type, tag, date and length, no Cache-Control; and no body.

    对静态文件发 HEAD，头部和 GET 的一样，有类型、标签、日期和长度，没有 Cache-Control，也没有正文。
    """
    (tmp_path / "note.txt").write_text("hello")
    get, head = [await ask(serve(tmp_path), "/note.txt", method) for method in ("GET", "HEAD")]
    same = ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Accept-Ranges")
    assert all(field in get.headers for field in same)
    ours, theirs = ({**response.headers, "Date": ""} for response in (head, get))
    assert ours == theirs
    assert (get.content_type, "Cache-Control" in get.headers) == ("text/plain", False)
    assert (head.headers["Content-Length"], await get.text(), await head.text()) == ("5", "hello", "")


async def test_the_packed_twin_is_not_looked_into(tmp_path: Path) -> None:
    """A `.gz` beside the file is sent as gzip with the file's own type, whatever is in it.

    旁边的 `.gz` 不管内容是什么，都当作 gzip 发送，类型按原来的文件名。
    """
    async with one_file.connect(one_file.build_app(tmp_path)) as client:
        response = await client.get("/note.txt", headers={"Accept-Encoding": "gzip"})
        sent = [response.headers[field] for field in ("Content-Encoding", "Content-Type", "Vary")]
        assert (sent, await response.read()) == (["gzip", "text/plain", "Accept-Encoding"], b"packed")


async def test_a_packed_twin_wins_however_old(tmp_path: Path) -> None:
    """Times are not compared: a client that accepts gzip gets the old `.gz` of a newer file, and of one that is gone.

    时间不作比较：文件已经更新，或者已经删除，接受 gzip 的客户端拿到的还是旧的 `.gz`。
    """  # noqa: E501
    (tmp_path / "app.js").write_text("new")
    (tmp_path / "app.js.gz").write_bytes(gzip.compress(b"old"))
    os.utime(tmp_path / "app.js.gz", (0, 0))  # of 1970
    for coding, text in (("gzip", "old"), ("identity", "new")):
        response = await ask(serve(tmp_path), "/app.js", headers={"Accept-Encoding": coding})
        assert await response.text() == text
    (tmp_path / "app.js").unlink()
    for coding, found in (("gzip", (200, "old")), ("identity", (404, ""))):
        response = await ask(serve(tmp_path), "/app.js", headers={"Accept-Encoding": coding})
        assert (response.status, await response.text()) == found


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("style.css", "text/css"),
        ("STYLE.CSS", "text/css"),
        ("picture.css", "text/css"),
        ("picture", "application/octet-stream"),
    ],
)
async def test_the_type_comes_from_the_ending_alone(name: str, sent: str, tmp_path: Path) -> None:
    """The type of a static file comes from its extension, in any case of letters, and never from its bytes.

    静态文件的类型只看后缀，不分大小写，从不看内容。
    """
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    assert (await ask(serve(tmp_path), f"/{name}")).headers["Content-Type"] == sent


@pytest.mark.parametrize("name", ["a.js", "a.unknown"])
async def test_mimetypes_does_not_reach_static_files(name: str, tmp_path: Path) -> None:
    """Changing Python's own table of types leaves the type of a static file as it was.

    改 Python 自己的类型表，静态文件的类型不变。
    """
    (tmp_path / name).touch()
    mimetypes.init()
    before = (await ask(serve(tmp_path), f"/{name}")).headers["Content-Type"]
    with patch.dict(mimetypes.types_map, {Path(name).suffix: "text/changed; charset=utf-8"}):
        assert mimetypes.guess_type(name)[0] == "text/changed; charset=utf-8"
        after = (await ask(serve(tmp_path), f"/{name}")).headers["Content-Type"]
    assert (after, "charset" in after) == (before, False)


async def test_aiohttps_own_table_can_be_taught(tmp_path: Path) -> None:
    """`CONTENT_TYPES.add_type` gives a static file with a new extension its type.

    用 `CONTENT_TYPES.add_type` 添加之后，新后缀的静态文件就有了类型。
    """
    (tmp_path / "a.fresh").touch()
    sent = []
    for _ in range(2):
        sent.append((await ask(serve(tmp_path), "/a.fresh")).headers["Content-Type"])
        CONTENT_TYPES.add_type("text/x-fresh", ".fresh")
    assert sent == ["application/octet-stream", "text/x-fresh"]
    content_types.add_types()
    app = content_types.build_app(tmp_path)
    types = [(await ask(app, path)).headers["Content-Type"] for path in ("/a.todo", "/a.note")]
    assert types == ["text/x-todo", "application/octet-stream"]
    assert mimetypes.guess_type("a.note")[0] == "text/plain; charset=utf-8"


async def test_a_folder_is_403_even_with_an_index(tmp_path: Path) -> None:
    """A folder answers 403, `/` as well as one below it, with or without the slash, though an `index.html` lies in it.

    目录返回 403，`/` 和下面的目录都是，带不带斜杠都一样，里面有 `index.html` 也一样。
    """  # noqa: E501
    folder = traversal.make_folder(tmp_path)
    assert (folder / "folder/index.html").is_file()
    (folder / "index.html").touch()
    assert [(await ask(serve(folder), path)).status for path in ("/", "/folder", "/folder/")] == [403] * 3
    assert (await ask(serve(folder), "/index.html")).status == 200


async def test_show_index_lists_the_folder_and_hides_nothing(tmp_path: Path) -> None:
    """With `show_index` a folder answers a list of links instead, hidden files included.

    开了 `show_index`，目录就返回一张链接清单，隐藏文件也列在里面。
    """
    response = await ask(serve(traversal.make_folder(tmp_path), show_index=True), "/")
    text = await response.text()
    assert (response.status, response.content_type) == (200, "text/html")
    inside = {".hidden", "folder", "inward", "outward", "page.txt"}
    assert {path.name for path in (tmp_path / "web").iterdir()} == inside
    assert all(f'<a href="/{name}">' in text for name in inside - {"inward", "outward"})
    assert all(f">{name}" in text for name in inside)


@pytest.mark.parametrize("follow", [False, True])
@pytest.mark.parametrize("prefix", ["/", "/files"])
async def test_no_dots_lead_out_of_the_folder(prefix: str, follow: bool, tmp_path: Path) -> None:
    """None of 177 ways to write `..` or a path reaches a file beside the folder, links followed or not.

    `..` 和路径的 177 种写法，不管开没开 `follow_symlinks`，都读不到目录外面的文件。
    """
    app = serve(traversal.make_folder(tmp_path), prefix, follow_symlinks=follow)
    begin = prefix.rstrip("/")
    tries = [
        f"//{quote(str(tmp_path / 'secret.txt'))}",
        f"/{quote(str(tmp_path / 'secret.txt'), safe='')}",
    ]
    dots, slashes = (
        ("..", ".%2e", "%2E.", "%2e%2E", "%252e%252e"),
        ("/", "//", "%2f", "%2F", "\\", "%5c", "%252f"),
    )
    tries += [
        f"{before}{(dot + slash) * depth}secret.txt"
        for before, depth in (("/", 1), ("/", 2), ("/folder/", 2), ("//", 1), ("/folder%2f", 2))
        for dot, slash in itertools.product(dots, slashes)
    ]
    async with TestServer(app) as server:
        responses = [await asyncio.to_thread(traversal.ask, server, begin + path) for path in tries]
        inside = await asyncio.to_thread(traversal.ask, server, f"{begin}/folder/../page.txt")
    assert len(set(tries)) == len(tries) == 2 + 5 * 5 * 7
    assert {response.status for response in responses} <= {403, 404}  # 403 up to aiohttp 3.12
    assert inside.status == 200


async def test_a_link_outwards_needs_follow_symlinks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link that stays inside works; one that leads out is 404 unless `follow_symlinks` is on.

    指向目录里面的链接能用；指向外面的是 404，打开 `follow_symlinks` 才能用。
    """
    folder = traversal.make_folder(tmp_path)
    got = {
        (name, follow): (await ask(serve(folder, follow_symlinks=follow), f"/{name}")).status
        for name in ("inward", "outward")
        for follow in (False, True)
    }
    assert got == {
        ("inward", False): 200,
        ("inward", True): 200,
        ("outward", False): 404,
        ("outward", True): 200,
    }
    await traversal.main()
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if "ward" in line or "=" in line] == [
        "follow_symlinks=False",
        "200 /inward",
        "404 /outward",
        "follow_symlinks=True",
        "200 /inward",
        "200 /outward",
    ]


async def test_hidden_files_are_not_hidden(tmp_path: Path) -> None:
    """Files and folders whose names begin with a dot are served like any other, those of an extension too.

    点号开头的文件和目录，和别的一样会发送；扩展的目录里的也一样。
    """
    folder = traversal.make_folder(tmp_path)
    (folder / ".git").mkdir()
    (folder / ".git/config").write_text("config")
    texts = [await (await ask(serve(folder), path)).text() for path in ("/.hidden", "/.git/config")]
    assert texts == [".hidden", "config"]
    with patch.dict(EXTENSION_WEB_DIRS, {"pack": str(folder)}, clear=True):
        async with serving(root=tmp_path, worker=False) as served:
            response = await served.client.get("/extensions/pack/.git/config")
            assert await response.text() == "config"


async def test_only_variable_beginnings_depend_on_the_order(tmp_path: Path) -> None:
    """With `/` mounted first only `/` itself and a path that begins with a variable part are lost.

    把 `/` 挂在最前面，受影响的只有 `/` 本身，和以变量开头的路径。
    """
    last = await mounts.statuses(mounts.build_app(tmp_path, False))
    first = await mounts.statuses(mounts.build_app(tmp_path, True))
    changed = {line: (a, b) for line, a, b in zip(mounts.REQUESTS, last, first, strict=True) if a != b}
    assert changed == {"GET /": (200, 403), "GET /help.htm": (200, 404)}


@pytest.mark.parametrize("turned", [False, True])
async def test_the_longest_beginning_in_whole_segments_goes_first(turned: bool) -> None:
    """The route with more fixed segments before its first variable wins; among equals the first added; one that does not match is passed over.

    第一个变量之前的固定段更多的路由优先；一样多，先加的优先；不匹配的跳过。
    """  # noqa: E501

    async def name(request: web.Request) -> web.Response:
        assert request.match_info.route.resource
        return web.Response(text=request.match_info.route.resource.canonical)

    for routes, path, expected in (
        (("/a/{x:.*}", "/a/b/{y:.*}", "/a/b/c"), "/a/b/c", "/a/b/c"),
        (("/a/{x:.*}", "/a/b/{y:.*}"), "/a/b/c", "/a/b/{y}"),
        (("/{x:.*}", "/a/{y:.*}"), "/a/b/c", "/a/{y}"),
        (("/a/{x}", "/a/{y}"), "/a/b", None),
        (("/a/b{x}", "/a/{y}"), "/a/bc", None),
        (("/a/{x:.*}", "/a/b/{y:[0-9]+}"), "/a/b/c", "/a/{x}"),  # the longest does not match: the next
        (("/a/", "/a/{x:.*}"), "/a/", None),  # the last slash does not count
    ):
        app = web.Application()
        order = routes[::-1] if turned else routes
        for route in order:
            app.router.add_get(route, name)
        first = order[0].replace(":.*", "")
        assert await (await ask(app, path)).text() == (expected or first)


async def test_a_mount_does_not_fall_back(tmp_path: Path) -> None:
    """What a mounted folder lacks is 404, though the folder at `/` has it.

    挂载的目录里没有就是 404，哪怕 `/` 那个目录里有。
    """
    app = mounts.build_app(tmp_path, False)
    assert (tmp_path / "web/extensions/pack/old.js").is_file()
    assert (await ask(app, "/extensions/pack/old.js")).status == 404


async def test_a_missing_file_is_an_empty_404(tmp_path: Path) -> None:
    """A file missing from a static folder is an empty octet-stream 404; a 404 without any route has text.

    静态目录里没有的文件，得到空的 octet-stream 404；没有路由的 404 有一行文字。
    """
    empty, text = (404, "application/octet-stream", ""), (404, "text/plain", "404: Not Found")
    for prefix, path, expected in (
        ("/", "/none", empty),
        ("/", "/none/none.js", empty),
        ("/", "/none/", empty),
        ("/files", "/files/none", empty),
        ("/files", "/none", text),
    ):
        response = await ask(serve(tmp_path, prefix), path)
        assert (response.status, response.content_type, await response.text()) == expected


async def test_a_missing_file_comes_back_as_a_response(tmp_path: Path) -> None:
    """The 404 of a missing file, opened after the middlewares, comes back as 200, a handler's too; without a route, or for a path outside, it is raised.

    中间件都执行完才打开文件，所以文件不存在的 404，中间件看到的还是 200，处理函数返回的也一样；没有路由的、路径离开目录的 404 是抛出来的。
    """  # noqa: E501
    log: list[str] = []

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / "none")

    app = web.Application(middlewares=[trace(log, "page")])
    app.router.add_get("/", page)
    assert (await ask(app, "/")).status == 404
    assert log == ["page>", "page<200"]
    log.clear()
    for prefix in ("/", "/files"):
        app = web.Application(middlewares=[trace(log, "m")])
        app.router.add_static(prefix, tmp_path)
        assert (await ask(app, "/none")).status == 404
    assert log == ["m>", "m<200", "m>", "m!HTTPNotFound"]
    app = web.Application(middlewares=[trace(log, "out")])
    app.router.add_static("/", tmp_path)
    assert (await get_unchanged(app, "/../none")).status == 404
    assert log[4:] == ["out>", "out!HTTPNotFound"]

    @web.middleware
    async def bring(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        (tmp_path / "none").write_text("brought")  # in time: the file is opened afterwards
        return response

    log.clear()
    app = web.Application(middlewares=[bring, trace(log, "inner")])
    app.router.add_static("/", tmp_path)
    response = await ask(app, "/none")
    assert (response.status, await response.text()) == (200, "brought")
    assert log == ["inner>", "inner<200"]


async def test_a_missing_page_keeps_its_headers(tmp_path: Path) -> None:
    """A handler's `FileResponse` for a missing file leaves as an empty octet-stream 404 with the headers set on it.

    处理函数返回的 `FileResponse` 找不到文件，就成了空的 octet-stream 404，设好的头部都还在。
    """  # noqa: E501

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / "index.html", headers={"Pragma": "no-cache"})

    app = web.Application()
    app.router.add_get("/", page)
    response = await ask(app)
    assert (response.status, response.headers["Pragma"], await response.text()) == (404, "no-cache", "")
    assert response.headers["Content-Type"] == "application/octet-stream"


async def test_chromium_shows_an_error_instead_of_an_empty_404(chromium: Browser, tmp_path: Path) -> None:
    """Opened in Chromium, the empty 404 of a folder or a handler is ERR_INVALID_RESPONSE.

    在 Chromium 里打开缺失的文件，不论是目录还是处理函数给的空 404，看到的都是 ERR_INVALID_RESPONSE。
    """

    async def index(request: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / "index.html")

    app = web.Application()
    app.add_routes([web.get("/", index), web.static("/", tmp_path)])
    async with TestServer(app) as server:
        page = await chromium.new_page()
        for path in ("/", "/none.html"):
            with pytest.raises(Error):  # Playwright takes it for a download
                await page.goto(str(server.make_url(path)))
            await page.get_by_text("ERR_INVALID_RESPONSE").wait_for()
            assert await page.get_by_role("heading").all_inner_texts() == ["This site can’t be reached"]
        await page.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
async def test_other_methods_get_405_on_any_path(method: str, tmp_path: Path) -> None:
    """With a folder at `/`, other methods than GET and HEAD get 405 on every unknown path.

    `/` 挂了目录，GET 和 HEAD 之外的方法在任何未知路径上都得到 405。
    """
    response = await ask(serve(tmp_path), "/no/such/path", method)
    assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")


async def found(request: web.Request) -> web.Response:
    """Answer, as a route does that is found."""
    return web.Response()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *{"pack": 200, "pack(2)": 200, "a+b": 200, "a&b": 200, "a@b~c": 200}.items(),
        *{"pack (2)": 404, "100%": 404, "图像": 404, "é": 404, "[x]": 404, "{x}": 404}.items(),
        *{"a#b": 404, 'a"b': 404, "a\\b": 404}.items(),
    ],
)
async def test_a_mount_must_not_need_quoting(name: str, status: int, tmp_path: Path) -> None:
    """A mount whose path aiohttp has to write with percent signs is not found under that path, nor a route with a variable behind such a name; a bare `%` is, and one that is encoded when it is mounted.

    挂载的路径如果需要百分号编码，用编码后的路径就找不到，名字后面带变量的路由也一样；不编码的 `%`，或者挂载时就编码的，反而找得到。
    """  # noqa: E501
    (tmp_path / "app.js").touch()
    app = serve(tmp_path, f"/extensions/{name}")
    assert (await ask(app, f"/extensions/{quote(name)}/app.js")).status == status
    if name != "{x}":  # in a route, that is a variable
        app = web.Application()
        app.router.add_get(f"/extensions/{name}/{{file}}", found)
        assert (await ask(app, f"/extensions/{quote(name)}/app.js")).status == status
    if status == 404:
        app = serve(tmp_path, f"/extensions/{quote(name)}")
        encoded = (await ask(app, f"/extensions/{quote(name)}/app.js")).status
        assert encoded == (200 if name == "100%" else 404)
    if name == "100%":
        app = serve(tmp_path, f"/extensions/{name}")
        assert (await get_unchanged(app, f"/extensions/{name}/app.js")).status == 200
    if name in names.NAMES:
        app = names.build_app(tmp_path)
        assert (await ask(app, f"/extensions/{quote(name)}/app.js")).status == status
        assert (await ask(names.build_app(tmp_path), f"/{quote(name)}")).status == 200


async def test_an_extension_in_a_folder_with_a_blank_is_listed_and_404(tmp_path: Path) -> None:
    """`/extensions` lists the script of an extension called `pack (2)`, which is a 404; of `pack`, a 200.

    `/extensions` 列出扩展 `pack (2)` 的脚本，取的时候却是 404；扩展 `pack` 的则是 200。
    """
    (tmp_path / "app.js").touch()
    folders = {"pack": str(tmp_path), "pack (2)": str(tmp_path)}
    with patch.dict(EXTENSION_WEB_DIRS, folders, clear=True):
        async with serving(root=tmp_path, worker=False) as served:
            listed = await (await served.client.get("/extensions")).json()
            statuses = {path: (await served.client.get(URL(path, encoded=True))).status for path in listed}
    assert statuses == {"/extensions/pack/app.js": 200, "/extensions/pack%20%282%29/app.js": 404}


async def parts(change: str, folder: Path) -> tuple[str, str]:
    """Download while the file changes; return its body, and what is received after it."""
    (folder / "next").write_text("next")
    (folder / "file").write_bytes(b"a" * changing.SIZE)
    text = await changing.download(folder, getattr(changing, change))
    return text[: changing.SIZE], text[changing.SIZE :]


async def test_a_replaced_file_goes_out_as_it_was(tmp_path: Path) -> None:
    """On Linux a file that is replaced while it is sent goes out complete, in the old version.

    在 Linux 上，文件发到一半换成了新的，客户端拿到的是完整的旧版。
    """
    body, after = await parts("replace", tmp_path)
    assert (tmp_path / "file").read_bytes()[:1] == b"b"
    assert (body.count("a"), after[-4:]) == (changing.SIZE, "next")


async def test_an_overwritten_file_goes_out_mixed(tmp_path: Path) -> None:
    """A file that is overwritten in place while it is sent arrives as a mixture of both versions.

    文件发到一半被就地改写，客户端拿到的前半是旧的，后半是新的。
    """
    body, after = await parts("overwrite", tmp_path)
    assert (body[0], body[-1], after[-4:]) == ("a", "b", "next")


async def test_a_shortened_file_swallows_the_next_answer(tmp_path: Path) -> None:
    """A file that is cut off while it is sent stays short of its Content-Length, and the connection open.

    文件发到一半被截短，发出的比 Content-Length 少，连接却不断：下一个响应被当成了正文。
    """
    body, after = await parts("shorten", tmp_path)
    assert (len(body) < changing.SIZE, "HTTP/1.1 200 OK" in body, body[-4:], after) == (
        True,
        True,
        "next",
        "",
    )


@pytest.mark.parametrize(
    ("method", "text", "compress", "used"),
    [
        ("GET", "hello", False, True),
        ("HEAD", "hello", False, False),
        ("GET", "", False, False),
        ("GET", "hello", True, False),
    ],
)
async def test_the_system_sends_unless_compressed(
    method: str, text: str, compress: bool, used: bool, tmp_path: Path
) -> None:
    """The system call `sendfile` sends the file, but not with `enable_compression`, for HEAD, if empty, if switched off, or if the loop has none.

    文件由系统调用 `sendfile` 发出；开了 `enable_compression`、HEAD、空文件、关掉了它、事件循环没有它时，都不用。
    """  # noqa: E501
    (tmp_path / "file").write_text(text)

    async def handler(request: web.Request) -> web.FileResponse:
        response = web.FileResponse(tmp_path / "file")
        if compress:
            response.enable_compression()
        return response

    app = web.Application()
    app.router.add_get("/", handler)
    with patch.object(os, "sendfile", wraps=os.sendfile) as sendfile:
        response = await ask(app, "/", method)
    assert (sendfile.called, await response.text()) == (used, "" if method == "HEAD" else text)
    with patch.object(os, "sendfile", wraps=os.sendfile) as sendfile:
        assert (await ask(app, "/", method, headers={"Accept-Encoding": "identity"})).status == 200
    assert sendfile.called == used
    for without in (
        patch.object(asyncio.BaseEventLoop, "sendfile", side_effect=NotImplementedError),
        patch("aiohttp.web_fileresponse.NOSENDFILE", new=True),  # set by AIOHTTP_NOSENDFILE
    ):
        with patch.object(os, "sendfile", wraps=os.sendfile) as sendfile, without:
            assert await (await ask(one_file.build_app(tmp_path), "/file")).text() == text
        assert not sendfile.called


async def test_append_version_changes_the_address_only(tmp_path: Path) -> None:
    """`append_version` puts a hash of the bytes into what `url_for` returns; the answer has no rule.

    `append_version` 只往 `url_for` 给出的地址里加内容的哈希，响应里并没有缓存规则。
    """
    app = web.Application()
    folder = app.router.add_static("/files", tmp_path, append_version=True)
    addresses: list[str] = []
    for text in ("old", "old", "new"):
        (tmp_path / "app.js").write_text(text)
        os.utime(tmp_path / "app.js", (len(addresses),) * 2)
        addresses.append(str(folder.url_for(filename="app.js")))
    assert [address.partition("=")[0] for address in addresses] == ["/files/app.js?v"] * 3
    assert addresses[0] == addresses[1] != addresses[2]  # the bytes count, not the time
    response = await ask(app, addresses[0])
    assert (await response.text(), "Cache-Control" in response.headers) == ("new", False)


async def test_the_folder_must_be_there_when_it_is_mounted(tmp_path: Path) -> None:
    """Mounting a folder that does not exist raises ValueError at once; a file may be added later.

    挂载不存在的目录，立即抛 ValueError；文件可以之后再放。
    """
    with pytest.raises(ValueError, match="exist"):
        serve(tmp_path / "none")
    app = serve(tmp_path)
    (tmp_path / "late.txt").write_text("late")
    assert await (await ask(app, "/late.txt")).text() == "late"


@pytest.mark.parametrize("name", ["my pack", "图像", "100%", "pack"])
async def test_a_handler_finds_folders_of_any_name(name: str, tmp_path: Path) -> None:
    """A handler that takes the folder's name as a variable finds it, whatever the name.

    处理函数把目录名作为变量，任何名字都找得到。
    """
    (tmp_path / "js").mkdir()
    (tmp_path / "js/app.js").write_text("hello")
    response = await ask(by_name.build_app({name: tmp_path}), f"/extensions/{quote(name)}/js/app.js")
    assert (response.status, await response.text()) == (200, "hello")


@pytest.mark.parametrize(
    "path", ["..%2fsecret.txt", "%2e%2e/secret.txt", "outward", "%2Fetc%2Fhosts", "page.txt%00", "none"]
)
async def test_the_handler_lets_nothing_out(path: str, tmp_path: Path) -> None:
    """That handler lets no path out; without `relative_to`, or without `resolve` before it, one leads out.

    这个处理函数让任何路径都出不去；少了 `relative_to`，或者不先 `resolve`，就有路径出得去。
    """
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").touch()

    async def resolved(request: web.Request) -> web.FileResponse:
        return web.FileResponse((folder / request.match_info["path"]).resolve())

    async def compared(request: web.Request) -> web.FileResponse:
        (file := folder / request.match_info["path"]).relative_to(folder)
        return web.FileResponse(file)

    for careless in (resolved, compared):
        app = web.Application()
        app.router.add_get("/extensions/pack/{path:.+}", careless)
        assert (await get_unchanged(app, "/extensions/pack/..%2Fsecret.txt")).status == 200
    (tmp_path / "secret.txt").unlink()
    folder.rmdir()
    app = by_name.build_app({"pack": traversal.make_folder(tmp_path)})
    assert (await get_unchanged(app, f"/extensions/pack/{path}")).status == 404
    app = by_name.build_app({"pack": tmp_path / "web"})
    assert (await get_unchanged(app, "/extensions/pack/inward")).status == 200


@pytest.mark.parametrize(
    ("path", "method", "headers", "status", "rule"),
    [
        ("/", "GET", {}, 200, "no-cache"),
        ("/app.css", "GET", {}, 200, "no-cache"),
        ("/app.css", "GET", {"If-None-Match": "*"}, 304, "no-cache"),
        ("/assets/app-5d41402a.js", "GET", {}, 200, two_rules.YEAR),
        ("/assets/app-5d41402a.js", "HEAD", {}, 200, two_rules.YEAR),
        ("/assets/app-5d41402a.js", "GET", {"If-None-Match": "*"}, 304, two_rules.YEAR),
        ("/assets/part.js", "GET", {"Range": "bytes=0-1"}, 206, two_rules.YEAR),
        ("/assets/old.js", "GET", {}, 404, None),
        ("/assets", "GET", {}, 403, None),
        ("/assets/part.js", "GET", {"Range": "bytes=9-"}, 416, None),
        ("/assets/app-5d41402a.js", "POST", {}, 405, None),
        ("/own", "GET", {}, 200, "no-store"),
    ],
)
async def test_one_server_may_have_two_rules(
    tmp_path: Path, path: str, method: str, headers: dict[str, str], status: int, rule: str | None
) -> None:
    """A signal gives hashed names a year, other files no-cache; it leaves errors and handlers' own rules.

    信号给带哈希的名字一年，给其余文件 no-cache；出错的响应和已有规则的响应，保持不变。
    """
    two_rules.make_files(tmp_path)
    (tmp_path / "assets" / "part.js").write_text("part")

    async def own(request: web.Request) -> web.Response:
        return web.Response(headers={"Cache-Control": "no-store"})

    app = two_rules.build_app(tmp_path)
    if path == "/own":  # for aiohttp 3.9 the folder at / would come before it
        app = web.Application()
        app.on_response_prepare.append(two_rules.set_rule)
        app.router.add_get(path, own)
    response = await ask(app, path, method, headers=headers)
    assert (response.status, response.headers.get("Cache-Control")) == (status, rule)


async def test_a_rule_set_in_a_middleware_is_kept_by_a_404(tmp_path: Path) -> None:
    """A middleware sees a missing static file as a 200; the year that it sets then goes out with the 404.

    中间件看到的是 200，它给不存在的静态文件设置一年的规则，404 就带着这条规则发送。
    """

    @web.middleware
    async def stamp(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if response.status == 200:
            response.headers["Cache-Control"] = two_rules.YEAR
        return response

    app = web.Application(middlewares=[stamp])
    app.add_routes([web.static("/", tmp_path)])
    response = await ask(app, "/assets/old.js")
    assert (response.status, response.headers["Cache-Control"]) == (404, two_rules.YEAR)
