"""Proofs for the page aiohttp/requests."""

import asyncio
import errno
import functools
import inspect
import io
import json
import logging
import os
import socket
import struct
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import aiohttp
import pytest
from aiohttp import BodyPartReader, ClientSession, FormData, ServerDisconnectedError, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from aiohttp.web_protocol import RequestHandler

from snippets.aiohttp.middleware import reach
from snippets.aiohttp.requests import (
    bodies,
    gone,
    limit,
    parts,
    prompt,
    reading,
    responses,
    routes,
    shared,
    strict,
    twice,
)
from tests.client import ask, trace


def single(handler: Handler, method: str = "*", **options: int) -> web.Application:
    """Return an application that sends every path to one handler."""
    app = web.Application(**options)  # type: ignore[arg-type]
    app.router.add_route(method, "/{path:.*}", handler)
    return app


@pytest.mark.statement("S4")
async def test_a_handler_receives_a_web_request() -> None:
    """A handler is called with an instance of `web.Request` that holds what the client sent.

    处理函数收到的是 `web.Request` 的实例，客户端发来的都在里面。
    """
    seen: list[object] = []

    async def look(request: web.Request) -> web.Response:
        seen.append(request)
        return web.Response()

    await ask(single(look))
    assert [isinstance(request, web.Request) for request in seen] == [True]
    response = await ask(reading.build_app(), "/view/x?type=a", "POST", headers={"X-Kind": "b"}, data="c")
    body = await response.json()
    assert body["class"] == "Request"
    assert body["method"] == "POST"
    assert body["path"] == "/view/x"
    assert body["match_info"] == {"folder": "x"}
    assert (body["query"], body["header"], body["body"]) == ("a", "b", "c")


async def test_a_handler_runs_before_its_body_has_come() -> None:
    """A handler has head and route while its body is still to come; `read` waits for the body.

    处理函数开始执行时请求头和路由都有了，正文可以还没到；`read` 会等它。
    """
    seen: asyncio.Queue[object] = asyncio.Queue()

    async def look(request: web.Request) -> web.Response:
        seen.put_nowait([request.headers["X-Kind"], request.match_info["path"], request.content.is_eof()])
        seen.put_nowait(await request.read())
        return web.Response()

    async with TestServer(single(look)) as server:
        _, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"POST /a HTTP/1.1\r\nHost: x\r\nX-Kind: b\r\nContent-Length: 4\r\n\r\n")
        assert await asyncio.wait_for(seen.get(), 10) == ["b", "a", False]
        assert seen.empty()
        writer.write(b"body")
        assert await asyncio.wait_for(seen.get(), 10) == b"body"
        writer.close()


async def test_a_handler_refuses_or_reads_before_the_whole_body_has_come() -> None:
    """A handler refuses a request whose body has not come; another reads the first bytes before the last are sent.

    处理函数可以拒绝请求体还没到的请求；也可以在后面的字节发出之前，先读到前面的。
    """  # noqa: E501
    pieces: asyncio.Queue[bytes] = asyncio.Queue()

    async def handler(request: web.Request) -> web.Response:
        if request.path == "/refused":
            raise web.HTTPForbidden
        async for piece in request.content.iter_any():
            pieces.put_nowait(piece)
        return web.Response()

    head = "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
    async with TestServer(single(handler)) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(head.format("/refused").encode())
        assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"403"
        writer.close()
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(head.format("/read").encode())
        for piece in (b"bo", b"dy"):
            writer.write(piece)
            assert await asyncio.wait_for(pieces.get(), 10) == piece
        assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"200"
        writer.close()


async def test_nothing_is_taken_from_the_body_until_it_is_read() -> None:
    """After a handler that did not read, the middleware that called it can still read the whole body.

    处理函数没有读正文，调用它的中间件之后仍然读得到完整的正文。
    """
    bodies: list[bytes] = []

    @web.middleware
    async def read_afterwards(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        bodies.append(await request.content.read())
        return response

    async def ignore(request: web.Request) -> web.Response:
        while not request.content.is_eof():  # noqa: ASYNC110 (until the whole body has come)
            await asyncio.sleep(0)
        return web.Response()

    app = web.Application(middlewares=[read_afterwards])
    app.router.add_post("/", ignore)
    assert (await ask(app, method="POST", data=b"body")).status == 200
    assert bodies == [b"body"]


@pytest.mark.statement("S4")
async def test_query_and_rel_url_query_are_the_same() -> None:
    """`request.query` equals `request.rel_url.query`, and gives the first value; a missing name is a KeyError, and a 500.

    `request.query` 就是 `request.rel_url.query`，取到第一个值；名字不存在就抛 KeyError，客户端得到 500，用 `get` 就没事。
    """  # noqa: E501

    async def look(request: web.Request) -> web.Response:
        same = request.query == request.rel_url.query
        return web.json_response([same, request.query["x"], request.query.getall("x")])

    assert await (await ask(single(look), "/?x=1&x=2")).json() == [True, "1", ["1", "2"]]
    assert (await ask(single(look), "/?y=1")).status == 500

    async def missing(request: web.Request) -> web.Response:
        with pytest.raises(KeyError):
            request.query["x"]
        return web.json_response([request.query.get("x"), request.query.get("x", "none")])

    assert await (await ask(single(missing), "/?y=1")).json() == [None, "none"]


@pytest.mark.statement("S41")
@pytest.mark.parametrize("name", ["X-Kind", "x-kind", "X-KIND"])
async def test_header_names_ignore_case(name: str) -> None:
    """A header is found whatever the letter case, sent or looked up; a missing name is a KeyError, and a 500, but for `get`.

    不管发来的和查的名字怎样大小写，头部都找得到；没有的名字抛 KeyError，客户端得到 500，用 `get` 就没事。
    """  # noqa: E501

    async def look(request: web.Request) -> web.Response:
        return web.json_response([request.headers[n] for n in ("X-Kind", "x-kind", "X-KIND", "x-KIND")])

    assert await (await ask(single(look), headers={name: "demo"})).json() == ["demo"] * 4
    assert (await ask(single(look))).status == 500

    async def missing(request: web.Request) -> web.Response:
        with pytest.raises(KeyError):
            request.headers[name]
        return web.json_response(request.headers.get(name))

    assert await (await ask(single(missing))).json() is None


@pytest.mark.statement("S4")
async def test_a_plain_function_works_with_a_deprecation_warning() -> None:
    """Registering a plain function as handler draws a DeprecationWarning; it works all the same.

    把普通函数注册成处理函数会有 DeprecationWarning，但照样能用。
    """

    def plain(request: web.Request) -> web.Response:
        return web.Response(text="still works")

    app = web.Application()
    with pytest.warns(DeprecationWarning, match="Bare functions are deprecated"):
        app.router.add_get("/", plain)  # type: ignore[arg-type]
    response = await ask(app)
    assert (response.status, await response.text()) == (200, "still works")


@pytest.mark.statement("S35")
@pytest.mark.parametrize("path", ["/", "/index.html"])
async def test_an_application_without_routes_answers_404(path: str) -> None:
    """Without a route a request is a 404, raised through the middlewares, or the 400 or 417 from before them.

    没有路由，请求就是 404，而且是从中间件里抛出去的；在中间件之前就有了响应的，照旧是 400 或 417。
    """
    log: list[str] = []
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        assert (await ask(web.Application(middlewares=[trace(log, "A")]), path, method)).status == 404
    assert log == ["A>", "A!HTTPNotFound"] * 9
    async with TestServer(web.Application(middlewares=[trace(log, "A")])) as server:
        assert await reach.ask(server, f"GET {path} HTTP/1.1\r\nno colon here") == 400
        assert await reach.ask(server, f"GET {path} HTTP/1.1\r\nExpect: a-miracle") == 417
    assert len(log) == 18


@pytest.mark.statement("S35")
async def test_unknown_paths_get_404_and_wrong_methods_405() -> None:
    """A path without route is 404; a path with a route for another method is 405 with Allow.

    没有这个路径是 404；路径有、方法不对是 405，并带上 Allow。
    """
    for path in ("/none", "/models/vae/", "/models/a/b", "/Models/vae"):
        for method in ("GET", "POST"):
            assert (await ask(routes.build_app(), path, method)).status == 404
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        response = await ask(routes.build_app(), "/models/vae", method)
        assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")


async def test_a_get_route_answers_head() -> None:
    """A route added with `add_get` answers HEAD too, without a body, unless `allow_head` is off.

    用 `add_get` 加的路由也答复 HEAD，只是没有正文；`allow_head` 关掉就不答复。
    """
    response = await ask(routes.build_app(), "/models/vae", "HEAD")
    assert (response.status, await response.text()) == (200, "")
    assert response.headers["Content-Length"] == "3"
    app = web.Application()
    app.router.add_get("/models/{folder}", routes.models, allow_head=False)
    assert (await ask(app, "/models/vae", "HEAD")).status == 405


async def test_a_path_variable_may_hold_a_slash() -> None:
    """`{folder}` takes one path segment, yet `%2F` in it arrives decoded, as a slash.

    `{folder}` 只收一段路径，但其中的 `%2F` 到手已解码，成了斜杠。
    """
    assert await (await ask(routes.build_app(), "/models/a%2Fb")).text() == "a/b"
    assert await (await ask(routes.build_app(), "/models/..%2Fb")).text() == "../b"


async def test_a_body_is_kept_unless_the_stream_is_read() -> None:
    """After `read`, `text` or `json` a body can be read again; after `content.read` it is empty.

    用 `read`、`text`、`json` 读过的正文可以再读；`content.read` 读过就空了。
    """
    assert await (await ask(bodies.build_app(), "/kept", "POST", data="[7]")).json() == ["[7]", "[7]", [7]]
    assert await (await ask(bodies.build_app(), "/drained", "POST", data="[7]")).json() == ["[7]", ""]


Read = Callable[[web.Request], Awaitable[str]]
FORM = "application/x-www-form-urlencoded"
WAYS: dict[str, Read] = {
    "read": lambda request: as_text(request.read()),
    "text": lambda request: as_text(request.text()),
    "json": lambda request: as_text(request.json()),
    "post": lambda request: as_text(request.post()),
    "multipart": lambda request: all_parts(request),
    "content": lambda request: as_text(request.content.read()),
}


async def as_text(reading: Awaitable[object]) -> str:
    """Return what was read in one notation: bytes as text, a form by the names of its fields."""
    body = await reading
    if isinstance(body, bytes):
        return body.decode()
    return body if isinstance(body, str) else " ".join(map(str, body)) if body else ""  # type: ignore[call-overload]


async def all_parts(request: web.Request) -> str:
    """Return the names of a multipart form's fields, each of them read."""
    names = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        await part.read()
        names.append(part.name)
    return " ".join(map(str, names))


async def read_twice(first: str, second: str, body: str, kind: str) -> str:
    """Read a body in a middleware and then in the handler; return what the handler got, or its error."""

    @web.middleware
    async def peek(request: web.Request, handler: Handler) -> web.StreamResponse:
        await WAYS[first](request)
        return await handler(request)

    async def get(request: web.Request) -> web.Response:
        try:
            return web.Response(text=await WAYS[second](request))
        except (ValueError, AssertionError) as error:
            return web.Response(text=type(error).__name__)

    app = web.Application(middlewares=[peek])
    app.router.add_post("/", get)
    return await (await ask(app, "/", "POST", data=body, headers={"Content-Type": kind})).text()


AGAIN = ["read", "text", "json", "post"]
BROKEN = "JSONDecodeError"


@pytest.mark.parametrize(
    ("first", "json_body", "form", "upload"),
    [
        ("read", ["[7]", "[7]", "7", ""], ["a=7", "a=7", BROKEN, "a"], ["all", "all", BROKEN, "ValueError"]),
        ("text", ["[7]", "[7]", "7", ""], ["a=7", "a=7", BROKEN, "a"], ["all", "all", BROKEN, "ValueError"]),
        ("post", ["[7]", "[7]", "7", ""], ["a=7", "a=7", BROKEN, "a"], ["", "", BROKEN, "image"]),
        ("json", ["[7]", "[7]", "7", ""], None, None),
        ("multipart", None, None, ["", "", BROKEN, "ValueError"]),
        ("content", ["", "", BROKEN, ""], ["", "", BROKEN, ""], ["", "", BROKEN, "ValueError"]),
    ],
)
async def test_a_middleware_may_use_up_the_body(
    first: str, json_body: list[str] | None, form: list[str] | None, upload: list[str] | None
) -> None:
    """After four ways of reading, JSON and ordinary forms can be read again; on a multipart form `post` fails after any but `post`.

    用四种办法读过的 JSON 和普通表单还能再读；multipart 表单，除非先用的是 `post`，再用 `post` 就失败。
    """  # noqa: E501
    parts = '--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n7\r\n--x--\r\n'
    for body, kind, expected in (
        ("[7]", "application/json", json_body),
        ("a=7", FORM, form),
        (parts, "multipart/form-data; boundary=x", upload),
    ):
        if expected is not None:
            got = [await read_twice(first, second, body, kind) for second in AGAIN]
            assert ["all" if text == parts else text for text in got] == expected


async def test_an_upload_read_in_a_middleware_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """After `read` in a middleware the stream is empty, and `post` raises ValueError for a multipart form; unread, it is a 200.

    中间件 `read` 过之后，流已经空了，`post` 解析 multipart 表单会抛 ValueError；没读过就是 200。
    """  # noqa: E501

    @web.middleware
    async def peek(request: web.Request, handler: Handler) -> web.StreamResponse:
        await request.read()
        return await handler(request)

    async def upload(request: web.Request) -> web.Response:
        emptied.append(request.content.at_eof())
        return web.json_response(list(await request.post()))

    emptied: list[bool] = []
    for middlewares, status in (([], 200), ([peek], 500)):
        app = web.Application(middlewares=middlewares)
        app.router.add_post("/", upload)
        assert (await ask(app, "/", "POST", data={"image": io.BytesIO(b"7")})).status == status
    assert emptied == [False, True]
    (record,) = caplog.records
    assert record.exc_info
    assert record.exc_info[0] is ValueError
    assert str(record.exc_info[1]).startswith("Could not find starting boundary")


@pytest.mark.parametrize(
    ("multipart", "first", "status"),
    [
        (False, "nothing", 200),
        (False, "read", 200),
        (False, "post", 200),
        (True, "nothing", 200),
        (True, "read", 500),
        (True, "post", 200),
    ],
)
async def test_both_may_post(multipart: bool, first: str, status: int) -> None:
    """If the middleware and the handler both call `post`, the handler gets any form; after `read` only some.

    中间件和处理函数都用 `post`，哪种表单处理函数都拿得到；中间件用 `read`，上传的表单就拿不到。
    """
    form = FormData({"image": "7"}, default_to_multipart=multipart)
    response = await ask(twice.build_app(), f"/?first={first}", "POST", data=form)
    assert response.status == status
    if status == 200:
        assert await response.json() == ["image"]
    posted: list[object] = []

    @web.middleware
    async def post(request: web.Request, handler: Handler) -> web.StreamResponse:
        posted.append(await request.post())
        return await handler(request)

    async def post_again(request: web.Request) -> web.Response:
        posted.append(await request.post())
        return web.Response()

    app = single(post_again)
    app.middlewares.append(post)
    form = FormData({"image": "7"}, default_to_multipart=multipart)
    assert (await ask(app, "/", "POST", data=form)).status == 200
    assert len({*map(id, posted)}) == 1  # what the first has parsed


@pytest.mark.parametrize(
    ("read", "form", "json_body", "upload"),
    [
        ("copy", "['image']", "[7]", "['image']"),
        ("copy.read", "['image']", "[7]", 500),
        ("original", "[]", "", 500),
        ("first", 500, 500, 500),
        ("first.read", 500, 500, 500),
    ],
)
async def test_a_copy_made_first_and_then_read_is_handed_on_whole(
    read: str,
    form: str | int,
    json_body: str | int,
    upload: str | int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A handler reads what a middleware has read of the copy handed on; not if it read the original, before or after.

    A multipart form has to be read with the copy's `post`; after its `read` it is a 500.
    After a `read` of the original, `clone` raises a RuntimeError.

    中间件读的是传下去的副本，处理函数就还能读；读的是原来的请求，不管在复制之前还是之后，都不行。
    multipart 表单要用副本的 `post` 读；用副本的 `read` 读过，就是 500。
    原来的请求用 `read` 读过之后，`clone` 就抛出 RuntimeError。
    """  # noqa: E501

    async def take(request: web.Request) -> str:
        if request.content_type == "application/json":
            return await request.text()
        return str([*await request.post()])

    @web.middleware
    async def hand_on(request: web.Request, handler: Handler) -> web.StreamResponse:
        if read == "first":
            await take(request)
        elif read == "first.read":
            await request.read()
        copy = request.clone(headers={**request.headers})
        if read == "copy.read":
            await copy.read()
        elif not read.startswith("first"):
            await take(copy if read == "copy" else request)
        return await handler(copy)

    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=await take(request))

    for multipart, expected in ((False, form), (None, json_body), (True, upload)):
        data: FormData | str = (
            "[7]" if multipart is None else FormData({"image": "7"}, default_to_multipart=multipart)
        )
        headers = {"Content-Type": "application/json"} if multipart is None else {}
        app = single(handle)
        app.middlewares.append(hand_on)
        response = await ask(app, "/", "POST", data=data, headers=headers)
        assert (response.status if response.status != 200 else await response.text()) == expected
    if read == "first.read":
        errors = [str(record.exc_info[1]) for record in caplog.records if record.exc_info]
        assert errors == ["Cannot clone request after reading its content"] * 3


@pytest.mark.parametrize(("rewind", "left"), [(False, ""), (True, "7")])
async def test_a_file_read_in_a_middleware_stands_at_its_end(rewind: bool, left: str) -> None:
    """After a middleware has read an uploaded file, the handler reads no more bytes, unless it is rewound.

    中间件读过上传的文件，处理函数就读不到字节了，除非先退回开头。
    """

    @web.middleware
    async def peek(request: web.Request, handler: Handler) -> web.StreamResponse:
        fields.append(field := (await request.post())["image"])
        assert isinstance(field, web.FileField)
        assert field.file.read() == b"7"
        if rewind:
            field.file.seek(0)
        return await handler(request)

    async def upload(request: web.Request) -> web.Response:
        fields.append(field := (await request.post())["image"])
        assert isinstance(field, web.FileField)
        return web.Response(body=field.file.read())

    fields: list[object] = []
    app = web.Application(middlewares=[peek])
    app.router.add_post("/", upload)
    response = await ask(app, "/", "POST", data={"image": io.BytesIO(b"7")})
    assert await response.text() == left
    assert len({*map(id, fields)}) == 1


@pytest.mark.parametrize(
    ("sizes", "statuses"),
    [([6], [200, 200]), ([10], [200, 200]), ([6, 6], [200, 413]), ([12], [200, 413])],
)
async def test_counting_the_pieces_keeps_the_limit(sizes: list[int], statuses: list[int]) -> None:
    """A handler that counts the pieces of all parts gives 413 beyond the limit; `read_chunk` alone does not.

    自己累计各部分的字节数，超过上限就能返回 413；单用 `read_chunk` 做不到。
    """
    for path, status in zip(("/chunks", "/counted"), statuses, strict=True):
        form = FormData()
        for size in sizes:
            form.add_field("f", bytes(size), filename="f")
        response = await ask(parts.build_app(), path, "POST", data=form)
        assert (path, response.status) == (path, status)
        if status == 200:
            assert await response.text() == f"{sum(sizes)} bytes"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"prompt": 1}', 200),
        ("{}", 400),
        ("[]", 400),
        ('["hello"]', 400),
        ('"hello"', 400),
        ('""', 400),
        ('["prompt"]', "return web.json_response"),
        ('"prompt"', "return web.json_response"),
        ('"a prompt"', "return web.json_response"),
        ("null", 'if "prompt" in data'),
        ("true", 'if "prompt" in data'),
        ("false", 'if "prompt" in data'),
        ("7", 'if "prompt" in data'),
        ("7.5", 'if "prompt" in data'),
        ("{oops", "data = await request.json()"),
        ("", "data = await request.json()"),
        (b'"\xff"', "data = await request.json()"),
    ],
)
async def test_a_trusting_handler_fails_on_what_is_not_an_object(
    body: str | bytes, status: int | str, caplog: pytest.LogCaptureFixture
) -> None:
    """Three lines can raise, which is a 500: `json()`, `in`, and `[…]` for a list or string with `prompt`.

    `json()` raises a ValueError, a JSONDecodeError unless the body is not UTF-8.

    三处会抛异常，成为 500：`json()`、`in`，还有含 `prompt` 的列表或字符串遇到的 `[…]`。
    `json()` 抛出 ValueError，除非请求体不是 UTF-8，都是 JSONDecodeError。
    """
    response = await ask(prompt.build_app(), "/prompt", "POST", data=body)
    if isinstance(status, int):
        assert (response.status, caplog.records) == (status, [])
        return
    assert response.status == 500
    (record,) = caplog.records
    assert record.exc_info
    frames = traceback.extract_tb(record.exc_info[2])
    (line,) = [frame.line for frame in frames if frame.filename == prompt.__file__]
    assert (line or "").startswith(status)
    assert isinstance(record.exc_info[1], ValueError) == ("json()" in status)
    assert isinstance(record.exc_info[1], json.JSONDecodeError) == (
        "json()" in status and isinstance(body, str)
    )


async def test_json_does_not_look_at_the_content_type() -> None:
    """`request.json()` parses a body that calls itself text, an image or a form, and obeys its charset.

    正文自称文本、图片或表单，`request.json()` 照样解析；字符集它倒是照着办。
    """
    for kind in ("text/plain", "image/png", "multipart/form-data; boundary=x"):
        headers = {"Content-Type": kind}
        response = await ask(prompt.build_app(), "/prompt", "POST", data='{"prompt": 7}', headers=headers)
        assert await response.json() == {"queued": 7}
    for charset, status in (("utf-16", 200), ("utf-8", 500)):
        headers = {"Content-Type": f"text/plain; charset={charset}"}
        data = '{"prompt": 7}'.encode("utf-16")
        response = await ask(prompt.build_app(), "/prompt", "POST", data=data, headers=headers)
        assert response.status == status


async def test_post_does_look_at_the_content_type() -> None:
    """One body is a form to `post()` under a form's type, and nothing under another's; JSON gives nothing.

    同一个正文，类型写的是表单，`post()` 就读得出；写的是别的，就返回空的，正文真是 JSON 也一样，都不报错。
    """

    async def look(request: web.Request) -> web.Response:
        return web.json_response(dict(await request.post()))

    others = ("application/json", "application/octet-stream", "text/plain", "multipart/mixed; boundary=b")
    for kind, read in ((FORM, {"a": "7"}), *((other, {}) for other in others)):
        response = await ask(single(look), "/", "POST", data=b"a=7", headers={"Content-Type": kind})
        assert (response.status, await response.json()) == (200, read)
    response = await ask(single(look), "/", "POST", json={"a": "7"})
    assert (response.status, await response.json()) == (200, {})


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/read", 9, 200), ("/read", 11, 413), ("/stream", 11, 200), ("/ignore", 11, 200)],
)
async def test_a_large_body_is_refused_when_it_is_read(path: str, size: int, status: int) -> None:
    """A body over `client_max_size` is a 413 once read; unread, or read as a stream, it passes.

    正文超过 `client_max_size`，读的时候才有 413；不读，或者直接读流，都放行。
    """
    response = await ask(limit.build_app(10), path, "POST", data=bytes(size))
    assert response.status == status
    assert response.content_type == "text/plain"


async def read_in_a_way(way: str, size: int, most: int | None = None, kind: str = FORM) -> list[int]:
    """Send a body of so many bytes, read it in a way; return the status, and that of what reading raised."""
    raised: list[int] = []

    async def get(request: web.Request) -> web.Response:
        try:
            await WAYS[way](request)
        except web.HTTPException as error:
            raised.append(error.status)
            raise
        return web.Response()

    body = f'"{"7" * (size - 2)}"' if way == "json" else f"a={'7' * (size - 2)}"
    app = single(get, client_max_size=most) if most is not None else single(get)
    response = await ask(app, "/", "POST", data=io.BytesIO(body.encode()), headers={"Content-Type": kind})
    return [response.status, *raised]


@pytest.mark.parametrize("way", ["read", "text", "json", "post"])
@pytest.mark.parametrize(("size", "statuses"), [(9, [200]), (11, [413, 413])])
async def test_four_ways_of_reading_count_the_bytes(way: str, size: int, statuses: list[int]) -> None:
    """`read`, `text`, `json` and `post` accept nine bytes where ten are allowed, and raise a 413 for eleven, `post` of a form, a multipart form too.

    上限十字节时，`read`、`text`、`json`、`post` 读九字节没问题，读十一字节都抛出 413，`post` 只对表单这样，multipart 表单也算。
    """  # noqa: E501
    assert await read_in_a_way(way, size, 10) == statuses
    assert await read_in_a_way(way, size, 10, "text/plain") == ([200] if way == "post" else statuses)
    fields, measured = (FormData({"a": "7"}, default_to_multipart=True) for _ in range(2))
    length = measured().size
    assert length  # the boundaries differ, but not in length

    async def get(request: web.Request) -> web.Response:
        await WAYS["text" if way == "json" else way](request)
        return web.Response()

    app = single(get, client_max_size=length + 10 - size)
    assert (await ask(app, "/", "POST", data=fields)).status == statuses[0]


@pytest.mark.parametrize(
    ("way", "sizes", "status"),
    [
        ("read", [10] * 3, 200),
        ("read", [10, 11], 413),
        ("read", [11, 10], 413),
        ("read", [0, 0], 200),
        ("read_chunk", [10, 11], 200),
        ("post", [5] * 3, 413),
    ],
)
async def test_multipart_limits_each_part_only(way: str, sizes: list[int], status: int) -> None:
    """The limit, 0 too, counts each part that is `read`, not their sum, nor `read_chunk`; `post` counts all.

    单个部分用 `read` 读、超过上限（0 也算）才是 413；总和不算，`read_chunk` 也不算；`post` 则全都算，0 除外。
    """

    async def get(request: web.Request) -> web.Response:
        if way == "post":
            await request.post()
            return web.Response()
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            await getattr(part, way)()
        return web.Response()

    for most, expected in ((10, status), (0, 413 if way == "read" and any(sizes) else 200)):
        form = FormData()
        for number, size in enumerate(sizes):
            form.add_field(f"part{number}", bytes(size), filename="a.png")
        answer = await ask(single(get, client_max_size=most), "/", "POST", data=form)
        assert answer.status == expected


async def test_a_part_is_handled_before_the_next_is_sent() -> None:
    """`request.multipart()` gives the first part of a form before the second is sent, and then the second.

    表单的第二部分还没发出，`request.multipart()` 就给出第一部分，然后才是第二部分。
    """
    names: asyncio.Queue[str | None] = asyncio.Queue()

    async def handler(request: web.Request) -> web.Response:
        async for part in parts.parts(request):
            names.put_nowait(part.name)
            await part.read()
        return web.Response()

    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n7\r\n--x'
    pieces = "--x\r\n" + part.format("a") + "\r\n", part.format("b") + "--\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x"
    length = f"Content-Length: {sum(map(len, pieces))}"
    async with TestServer(single(handler)) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(f"POST / HTTP/1.1\r\nHost: x\r\n{kind}\r\n{length}\r\n\r\n".encode())
        for piece, name in zip(pieces, ("a", "b"), strict=True):
            writer.write(piece.encode())
            assert await asyncio.wait_for(names.get(), 10) == name
        assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"200"
        writer.close()


@pytest.mark.parametrize("way", ["read", "text", "json", "post"])
async def test_the_limit_is_one_mebibyte_and_zero_lifts_it(way: str) -> None:
    """Without `client_max_size` the limit of all four is 1 MiB; with 0 there is none.

    不给 `client_max_size`，四种办法的上限都是 1 MiB；给 0 就没有上限。
    """
    assert await read_in_a_way(way, 1024**2 - 1) == [200]
    assert await read_in_a_way(way, 1024**2 + 1) == [413, 413]
    assert await read_in_a_way(way, 2 * 1024**2, 2 * 1024**2 + 1) == [200]
    for size in (1024**2 + 1, 8 * 1024**2):
        assert await read_in_a_way(way, size, 0) == [200]


@pytest.mark.parametrize(
    ("path", "status", "kind", "body"),
    [
        ("/text", 201, "text/plain; charset=utf-8", "喵".encode()),
        ("/data", 200, "image/jpeg", b"\xff\xd8"),
        ("/unnamed", 200, "application/octet-stream", b"\xff\xd8"),
        ("/encoded", 200, "application/json; charset=utf-8", b'{"cat": "\\u55b5"}'),
    ],
)
async def test_a_response_names_its_content(path: str, status: int, kind: str, body: bytes) -> None:
    """Text is sent as UTF-8, bytes as octet-stream, JSON escaped to ASCII, unless another way is passed.

    文本按 UTF-8 发送，字节是 octet-stream，JSON 转义成 ASCII；另外指定了才不同。
    """
    async with TestClient(TestServer(responses.build_app())) as client:
        response = await client.get(path)
        assert (response.status, response.headers["Content-Type"]) == (status, kind)
        assert await response.read() == body
    text = web.Response(text="喵", charset="gbk")
    assert (text.body, text.headers["Content-Type"]) == ("喵".encode("gbk"), "text/plain; charset=gbk")
    raw = web.json_response("喵", dumps=functools.partial(json.dumps, ensure_ascii=False))
    assert raw.body == '"喵"'.encode()


async def test_a_handler_that_returns_nothing_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """A handler that returns nothing or a str is a 500, unless it has sent a response; nothing is logged as an error.

    If the response was sent in part, the 500 is written into its body. Returned, a sent response is no error.

    处理函数什么也不返回，或者返回字符串，就是 500，除非自己发送过响应；什么也不返回时，日志里有错误。
    如果响应只发送了一半，500 就混进它的正文。自己发送过的响应，返回它就没有错误。
    """  # noqa: E501

    async def nothing(request: web.Request) -> None:
        pass

    async def word(request: web.Request) -> str:
        return "word"

    async def sent(request: web.Request) -> None:
        await (response := web.StreamResponse()).prepare(request)
        await response.write_eof(b"done")

    async def begun(request: web.Request) -> None:
        await (response := web.StreamResponse()).prepare(request)
        await response.write(b"done")

    async def returned(request: web.Request) -> web.StreamResponse:
        await (response := web.StreamResponse()).prepare(request)
        await response.write(b"done")
        return response

    missing = ["Missing return statement on request handler"]
    instance = ["Web-handler should return a response instance, got 'word'"]
    for handler, status, body, logged in (
        (nothing, 500, "500: Internal Server Error", missing),
        (word, 500, "500: Internal Server Error", instance),
        (sent, 200, "done", missing),
        (returned, 200, "done", []),
    ):
        caplog.clear()
        response = await ask(single(handler))  # type: ignore[arg-type]
        received = await response.text()
        assert response.status == status
        assert received == body
        assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == logged
    caplog.clear()
    async with TestServer(single(begun)) as server:  # type: ignore[arg-type]
        address = server.host, server.port
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head, _, rest = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
    assert head.startswith(b"HTTP/1.1 200")
    assert rest.startswith(b"4\r\ndone\r\nHTTP/1.1 500 Internal Server Error\r\n")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == missing


@pytest.mark.statement("S31")
async def test_a_requests_headers_are_read_only() -> None:
    """A request's headers can be neither set, deleted, nor changed by a method; a clone has its own.

    请求头不能赋值，不能删除，也没有可以改它的方法；副本可以有自己的请求头。
    """

    async def change(request: web.Request) -> web.Response:
        with pytest.raises(TypeError):
            request.headers["X-Kind"] = "mine"  # type: ignore[index]
        with pytest.raises(TypeError):
            del request.headers["X-Kind"]  # type: ignore[attr-defined]
        changing = vars(MutableMapping).keys() - vars(Mapping).keys()
        seen.extend(name for name in changing if not name.startswith("_") and hasattr(request.headers, name))
        clone = request.clone(headers={"X-Kind": "mine"})
        return web.Response(text=f"{request.headers['X-Kind']} {clone.headers['X-Kind']}")

    seen: list[str] = []

    response = await ask(single(change), headers={"X-Kind": "theirs"})
    assert (response.status, await response.text()) == (200, "theirs mine")
    assert seen == []
    assert {"pop", "update", "clear", "setdefault", "popitem"} <= set(dir(MutableMapping))


@pytest.mark.statement("S31")
@pytest.mark.parametrize("make", [web.StreamResponse, web.Response])
async def test_a_prepared_response_ignores_changes(make: type[web.StreamResponse]) -> None:
    """After `prepare`, `set_status` raises; headers, content type and cookies are ignored in silence.

    `prepare` 之后，`set_status` 抛异常；改头部、内容类型、cookie 不报错，也不起作用。
    """

    async def change(request: web.Request) -> web.StreamResponse:
        response = make()
        response.set_status(202)
        response.headers["X-Kind"] = "early"
        response.content_type = "text/early"
        response.set_cookie("first", "early")
        await response.prepare(request)
        response.headers["X-Kind"] = "late"
        response.content_type = "text/late"
        response.set_cookie("cookie", "late")
        with pytest.raises(AssertionError):
            response.set_status(500)
        changed.extend([response.headers["X-Kind"], response.content_type, *response.cookies])
        return response

    changed: list[str] = []
    response = await ask(single(change))
    assert changed == ["late", "text/late", "first", "cookie"]
    assert (response.status, response.headers["X-Kind"]) == (202, "early")
    assert response.content_type == "text/early"
    assert [*response.cookies] == ["first"]


async def test_a_reused_response_answers_nobody() -> None:
    """A response object returned a second time is not sent: one connection, three requests, two answers.

    同一个响应对象返回第二次就不再发送：一个连接，三个请求，只有两个响应。
    """
    async with TestServer(shared.build_app()) as server:
        assert await shared.ask(server, "/fresh", "/fresh", "/fresh") == ["fresh"] * 3
        assert await shared.ask(server, "/shared", "/shared", "/fresh") == ["shared", "fresh"]
        assert await shared.ask(server, "/shared", "/fresh") == ["fresh"]


async def test_the_client_of_a_reused_response_waits(caplog: pytest.LogCaptureFixture) -> None:
    """The second client of a shared response waits until the server drops the connection, idle or at once; only the access log speaks of it, of a 200.

    共用一个响应对象，第二个客户端一直等，直到服务器断开空闲的连接；请求带着 `close` 就立即断开。只有访问日志提到它，写的是 200。
    """  # noqa: E501
    caplog.set_level(logging.DEBUG)
    app, returned = shared.build_app(), asyncio.Event()

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if returned_once and request.path == "/shared":
            returned.set()
        return response

    returned_once: list[bool] = []
    app.middlewares.append(note)
    server = TestServer(app)
    access_log = logging.getLogger("aiohttp.access")
    await server.start_server(keepalive_timeout=2, access_log=access_log, access_log_format="%r %s")
    async with TestClient(server) as client:
        assert (await client.get("/shared")).status == 200
        returned_once.append(True)
        waiting = asyncio.ensure_future(client.get("/shared"))
        await asyncio.wait_for(returned.wait(), 10)
        assert (await client.get("/fresh")).status == 200
        assert not waiting.done()
        with pytest.raises(ServerDisconnectedError):
            await asyncio.wait_for(waiting, 10)
    server = TestServer(shared.build_app())
    await server.start_server(keepalive_timeout=3600, access_log=None)
    async with TestClient(server) as client:
        close = {"Connection": "close"}
        assert (await client.get("/shared", headers=close)).status == 200
        with pytest.raises(ServerDisconnectedError):  # at once
            await asyncio.wait_for(client.get("/shared", headers=close), 60)
    logged = [
        (record.name, record.getMessage()) for record in caplog.records if record.name.startswith("aiohttp")
    ]
    lines = [f"GET /{path} HTTP/1.1 200" for path in ("shared", "shared", "fresh")]
    assert logged == [("aiohttp.access", line) for line in lines]
    for maker, seconds in ((web.run_app, 75), (RequestHandler, 3630)):  # a runner leaves it to the latter
        assert inspect.signature(maker).parameters["keepalive_timeout"].default == seconds


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        *((body.encode(), "application/json", None) for body in prompt.BODIES[1:-2]),
        *((body.encode(), "application/json", ValueError) for body in prompt.BODIES[-2:]),
        (b'"\xff"', "application/json", ValueError),
        (b"{}", "application/json; charset=none", LookupError),
        (b"[" * 100_000, "application/json", RecursionError),
        (b"{}", "gzip", web.RequestPayloadError),
    ],
)
async def test_a_strict_handler_answers_400(body: bytes, kind: str, error: type[Exception] | None) -> None:
    """What is no object with a job, in good UTF-8, of a known charset, depth and coding, is a 400, each by its exception.

    不是带着任务的对象，不是 UTF-8，字符集不认识，嵌套太深，压缩方式不符：都是 400，读的时候各抛各的异常。
    """  # noqa: E501
    raised: list[Exception | None] = []

    async def read(request: web.Request) -> web.Response:
        try:
            await request.json()
        except Exception as caught:
            raised.append(caught)
        else:
            raised.append(None)
        return web.Response()

    headers = {"Content-Encoding": kind} if kind == "gzip" else {"Content-Type": kind}
    response = await ask(strict.build_app(), "/prompt", "POST", data=body, headers=headers)
    trusting = await ask(prompt.build_app(), "/prompt", "POST", data=body, headers=headers)
    await ask(single(read), "/prompt", "POST", data=body, headers=headers)
    assert [isinstance(caught, error or type(None)) for caught in raised] == [True]
    assert trusting.status == 500 or body in (b"{}", b"[]", b'"hello"')
    assert response.status == 400
    assert list(await response.json()) == ["error"]


async def test_a_strict_handler_leaves_the_413_alone() -> None:
    """A body above the limit is a 413, although the handler catches what reading raises.

    请求体超过上限，得到的仍是 413，处理函数捕获读请求体的异常也不影响。
    """
    for size, status in ((1024, 400), (1024**2 + 1, 413)):
        response = await ask(strict.build_app(), "/prompt", "POST", data=io.BytesIO(bytes(size)))
        assert response.status == status


ANSWERS: dict[str, Callable[[web.Request], web.StreamResponse]] = {
    "Response": lambda request: web.Response(text="done"),
    "json_response": lambda request: web.json_response({}),
    "StreamResponse": lambda request: web.StreamResponse(),
    "FileResponse": lambda request: web.FileResponse(__file__),
}


async def left_alone(handler: Handler, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Leave while the handler works; return what aiohttp logs at WARNING and above."""
    done = asyncio.Event()

    async def whole(request: web.Request) -> web.StreamResponse:
        if request.path == "/other":
            return web.Response()
        try:
            return await handler(request)
        finally:
            done.set()

    app = single(whole)
    app[gone.LEFT] = asyncio.Event()
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    await gone.leave(app, site.port, "/")
    await asyncio.wait_for(done.wait(), 10)
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{site.port}/other") as response:
        assert response.status == 200  # other requests go on
    await runner.cleanup()
    return errors_in(caplog)


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return each message with its exception; without the address, which aiohttp 3.9 does not name."""
    errors = [(record.getMessage(), record.exc_info[1]) for record in caplog.records if record.exc_info]
    return [f"{message.removesuffix(' from 127.0.0.1')}: {error}" for message, error in errors]


ERROR = "Error handling request: Cannot write to closing transport"


@pytest.mark.parametrize("kind", ANSWERS)
async def test_a_response_returned_to_a_client_that_left_is_no_error(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """If the client has left, a returned response logs no error, whatever its kind; one sent here does.

    The returned one raises a ConnectionError, too, but aiohttp catches it.
    The same error is logged if the client stays and the handler has closed `request.transport`.

    客户端已经断开时，返回响应（不管哪一种）不会记错误；在处理函数里自己发送才会。
    返回的响应发送时也抛出 ConnectionError，但 aiohttp 捕获了它。
    如果客户端没有断开，而是处理函数关闭了 `request.transport`，记下的也是这个错误。
    """
    caught: list[ConnectionError] = []

    def watch(send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def watched(*args: Any) -> Any:
            try:
                return await send(*args)
            except ConnectionError as error:
                caught.append(error)
                raise

        return watched

    async def returned(request: web.Request) -> web.StreamResponse:
        await gone.work(request)
        response = ANSWERS[kind](request)
        for name in ("prepare", "write_eof"):
            setattr(response, name, watch(getattr(response, name)))
        return response

    async def sent(request: web.Request) -> web.StreamResponse:
        await gone.work(request)
        response = ANSWERS[kind](request)
        await response.prepare(request)
        await response.write_eof()
        after.append("more")
        return response

    after: list[str] = []
    assert await left_alone(returned, caplog) == []
    assert list(map(str, caught)) == ["Cannot write to closing transport"]
    assert await left_alone(sent, caplog) == [ERROR]
    assert not after

    async def closing(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        try:
            await (response := ANSWERS[kind](request)).prepare(request)
            await response.write_eof()
        finally:
            closed.set()
        return response

    closed = asyncio.Event()
    caplog.clear()
    runner = web.AppRunner(single(closing), access_log=None)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.wait_for(closed.wait(), 10)
    await asyncio.sleep(0)  # aiohttp logs it
    writer.close()
    await runner.cleanup()
    assert errors_in(caplog) == [ERROR]


async def test_a_send_to_a_client_that_left_may_be_caught(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`prepare` or `write` for a client that left raises a ClientConnectionResetError, a waiting `write` another ConnectionError; each is logged, unless suppressed.

    客户端已断开，`prepare` 和 `write` 抛出 ClientConnectionResetError，等待中的 `write` 抛出别的 ConnectionError；都会记进日志，捕获了就不记。
    """  # noqa: E501
    app = gone.build_app()
    app[gone.LEFT].set()  # at once, so this client is still there
    for name in ("sent", "careful"):
        assert await (await ask(app, f"/{name}")).text() == "done"
    assert await left_alone(gone.careful, caplog) == []
    assert await left_alone(gone.sent, caplog) == [ERROR]
    (error,) = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert type(error).__name__ == "ClientConnectionResetError"  # aiohttp 3.9 has none to import
    caplog.clear()

    async def halfway(request: web.Request) -> web.StreamResponse:
        await (response := web.StreamResponse()).prepare(request)
        await gone.work(request)
        with pytest.raises(ConnectionResetError, match="Cannot write to closing transport"):
            await response.write(b"x")
        return response

    assert await left_alone(halfway, caplog) == []

    async def at_once(_request: web.Request) -> None:
        """Do not wait until the client has left."""

    write = web.StreamResponse.write
    lost: list[BaseException] = []

    async def much(response: web.StreamResponse, data: bytes) -> None:
        try:
            await write(response, data * 2**24)
        except ConnectionError as error:
            lost.append(error)
            raise

    monkeypatch.setattr(gone, "work", at_once)
    monkeypatch.setattr(web.StreamResponse, "write", much)
    assert await left_alone(gone.careful, caplog) == []
    (logged,) = await left_alone(gone.sent, caplog)
    assert logged == f"Error handling request: {lost[1]}"
    assert len(lost) == 2
    if hasattr(aiohttp, "ClientConnectionResetError"):  # aiohttp 3.9 raises the system's own
        assert {(type(error), str(error)) for error in lost} == {(ConnectionError, "Connection lost")}


@pytest.mark.parametrize(
    ("sent", "reset", "logged"),
    [
        (b"body", False, []),
        (b"bo", False, ["Error handling request: Connection lost"]),
        (
            b"bo",
            True,
            [f"Error handling request: [Errno {errno.ECONNRESET}] {os.strerror(errno.ECONNRESET)}"],
        ),
    ],
)
async def test_a_client_that_leaves_while_its_body_is_read_is_an_error(
    sent: bytes, reset: bool, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """If the client leaves while `read` waits, ConnectionResetError is raised and logged; after it, the handler runs to its end.

    If the client resets the connection, the text is the system's.

    `read` 还在等请求体，客户端就断开，会抛出 ConnectionResetError，并记进日志；读完之后断开，处理函数会执行完。
    客户端重置连接时，文字是系统的。
    """  # noqa: E501
    begun, done = asyncio.Event(), asyncio.Event()

    async def returned(request: web.Request) -> web.Response:
        if sent == b"bo":
            begun.set()
        try:
            body = await request.read()
            begun.set()
            while request.transport:  # noqa: ASYNC110 (until the client has left)
                await asyncio.sleep(0.01)
            ended.append(body)
            return web.Response(body=body)
        finally:
            done.set()

    ended: list[bytes] = []

    runner = web.AppRunner(single(returned), access_log=None)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    _, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n" + sent)
    await asyncio.wait_for(begun.wait(), 10)
    if reset:
        linger = struct.pack("ii", 1, 0)  # close() then sends a reset
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.close()
    await asyncio.wait_for(done.wait(), 10)
    await runner.cleanup()
    assert errors_in(caplog) == logged
    assert ended == ([] if logged else [b"body"])
    errors = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert all(isinstance(error, ConnectionResetError) for error in errors)


@pytest.mark.parametrize(
    ("server", "options", "ending"),
    [
        ("AppRunner", {}, "end"),
        ("AppRunner", {"handler_cancellation": True}, "CancelledError"),
        ("TestServer", {}, "CancelledError"),
    ],
)
async def test_a_handler_is_cancelled_only_if_the_server_is_told_to(
    server: str, options: dict[str, Any], ending: str
) -> None:
    """A handler whose client has left runs to its end; with `handler_cancellation`, as in a TestServer, it is cancelled.

    客户端断开之后，处理函数执行到底；设了 `handler_cancellation`（TestServer 就设了）则被取消。
    """  # noqa: E501
    endings: asyncio.Queue[str] = asyncio.Queue()

    async def handler(request: web.Request) -> web.Response:
        try:
            await gone.work(request)
            endings.put_nowait("end")
        except asyncio.CancelledError as error:
            endings.put_nowait(type(error).__name__)
            raise
        return web.Response()

    app = single(handler)
    app[gone.LEFT] = asyncio.Event()
    if server == "TestServer":
        async with TestServer(app) as test_server:
            assert test_server.port
            await gone.leave(app, test_server.port, "/")
            assert await asyncio.wait_for(endings.get(), 10) == ending
    else:
        runner = web.AppRunner(app, access_log=None, **options)
        await runner.setup()
        await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
        await gone.leave(app, site.port, "/")
        assert await asyncio.wait_for(endings.get(), 10) == ending
        await runner.cleanup()
