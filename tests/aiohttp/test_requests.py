"""Proofs for the page aiohttp/requests."""

import asyncio
import io

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.aiohttp.requests import (
    bodies,
    limit,
    plain_function,
    prepared,
    prompt,
    read_only,
    reading,
    responses,
    routes,
    shared,
    strict,
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


@pytest.mark.statement("S4")
async def test_query_and_rel_url_query_are_the_same() -> None:
    """`request.query` equals `request.rel_url.query`; it gives the first of several values.

    `request.query` 就是 `request.rel_url.query`；一个名字有几个值时，取到第一个。
    """

    async def look(request: web.Request) -> web.Response:
        same = request.query == request.rel_url.query
        return web.json_response([same, request.query["x"], request.query.getall("x")])

    assert await (await ask(single(look), "/?x=1&x=2")).json() == [True, "1", ["1", "2"]]
    assert (await ask(single(look), "/?y=1")).status == 500


@pytest.mark.statement("S41")
@pytest.mark.parametrize("name", ["X-Kind", "x-kind", "X-KIND"])
async def test_header_names_ignore_case(name: str) -> None:
    """A header is found whatever the letter case, of the name sent and of the name looked up.

    不管发来的和查的名字怎样大小写，头部都找得到。
    """

    async def look(request: web.Request) -> web.Response:
        return web.json_response([request.headers[n] for n in ("X-Kind", "x-kind", "X-KIND", "x-KIND")])

    assert await (await ask(single(look), headers={name: "demo"})).json() == ["demo"] * 4


@pytest.mark.statement("S4")
async def test_a_plain_function_works_with_a_deprecation_warning() -> None:
    """Registering a plain function as handler draws a DeprecationWarning; it answers all the same.

    把普通函数注册成处理函数会有 DeprecationWarning，但照样能答复。
    """
    with pytest.warns(DeprecationWarning, match="Bare functions"):
        app = plain_function.build_app()
    response = await ask(app)
    assert (response.status, await response.text()) == (200, "still works")


@pytest.mark.statement("S35")
@pytest.mark.parametrize("path", ["/", "/index.html"])
async def test_an_application_without_routes_answers_404(path: str) -> None:
    """With a middleware and no route every request is a 404, raised through the middleware.

    只有中间件、没有路由，每个请求都是 404，而且是从中间件里抛出去的。
    """
    log: list[str] = []
    assert (await ask(web.Application(middlewares=[trace(log, "A")]), path)).status == 404
    assert log == ["A>", "A!HTTPNotFound"]


@pytest.mark.statement("S35")
async def test_unknown_paths_get_404_and_wrong_methods_405() -> None:
    """A path without route is 404; a path with a route for another method is 405 with Allow.

    没有这个路径是 404；路径有、方法不对是 405，并带上 Allow。
    """
    for path in ("/none", "/models/vae/", "/models/a/b", "/Models/vae"):
        assert (await ask(routes.build_app(), path)).status == 404
    response = await ask(routes.build_app(), "/models/vae", "POST")
    assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")


async def test_a_get_route_answers_head() -> None:
    """A route added with `add_get` answers HEAD too, without a body.

    用 `add_get` 加的路由也答复 HEAD，只是没有正文。
    """
    response = await ask(routes.build_app(), "/models/vae", "HEAD")
    assert (response.status, await response.text()) == (200, "")
    assert response.headers["Content-Length"] == "3"


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


@pytest.mark.parametrize(
    ("way", "left"), [("read", "a=7"), ("text", "a=7"), ("post", "a=7"), ("content", "")]
)
async def test_a_middleware_may_use_up_the_body(way: str, left: str) -> None:
    """A handler gets the body again after `read`, `text` or `post` in a middleware, not after the stream.

    中间件用 `read`、`text`、`post` 读过，处理函数还能读；直接读流，处理函数就没得读了。
    """

    @web.middleware
    async def peek(request: web.Request, handler: Handler) -> web.StreamResponse:
        await (request.content.read() if way == "content" else getattr(request, way)())
        return await handler(request)

    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=await request.text())

    app = web.Application(middlewares=[peek])
    app.router.add_post("/", echo)
    assert await (await ask(app, "/", "POST", data={"a": "7"})).text() == left


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"prompt": 1}', 200),
        ("{}", 400),
        ("[]", 400),
        ("null", 500),
        ('"prompt"', 500),
        ("{oops", 500),
        ("", 500),
    ],
)
async def test_a_trusting_handler_fails_on_what_is_not_an_object(body: str, status: int) -> None:
    """`request.json()` raises on a body that is not JSON, and may return anything: both end in 500.

    正文不是 JSON，`request.json()` 会抛异常；是 JSON 也不一定是对象。两种情况都成了 500。
    """
    assert (await ask(prompt.build_app(), "/prompt", "POST", data=body)).status == status


async def test_json_does_not_look_at_the_content_type() -> None:
    """`request.json()` parses a body that calls itself text/plain.

    正文自称 text/plain，`request.json()` 照样解析。
    """
    response = await ask(
        prompt.build_app(), "/prompt", "POST", data='{"prompt": 7}', headers={"Content-Type": "text/plain"}
    )
    assert await response.json() == {"queued": 7}


async def test_post_does_look_at_the_content_type() -> None:
    """`request.post()` reads a form, and returns nothing for a JSON body, without an error.

    `request.post()` 读得了表单；正文是 JSON，它返回空的，也不报错。
    """

    async def look(request: web.Request) -> web.Response:
        return web.json_response(dict(await request.post()))

    assert await (await ask(single(look), "/", "POST", data={"a": "7"})).json() == {"a": "7"}
    assert await (await ask(single(look), "/", "POST", json={"a": "7"})).json() == {}


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/read", 10, 200), ("/read", 11, 413), ("/stream", 11, 200), ("/ignore", 11, 200)],
)
async def test_a_large_body_is_refused_when_it_is_read(path: str, size: int, status: int) -> None:
    """A body over `client_max_size` is a 413 once read; unread, or read as a stream, it passes.

    正文超过 `client_max_size`，读的时候才有 413；不读，或者直接读流，都放行。
    """
    response = await ask(limit.build_app(10), path, "POST", data=bytes(size))
    assert response.status == status
    assert response.content_type == "text/plain"


async def test_the_limit_is_one_mebibyte_and_zero_lifts_it() -> None:
    """Without `client_max_size` the limit is 1 MiB; with 0 there is none.

    不给 `client_max_size`，上限是 1 MiB；给 0 就没有上限。
    """
    for app, extra, status in (
        (single(limit.read), 0, 200),
        (single(limit.read), 1, 413),
        (single(limit.read, client_max_size=0), 1, 200),
    ):
        assert (await ask(app, "/", "POST", data=io.BytesIO(bytes(1024**2 + extra)))).status == status


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
    """Text is text/plain in UTF-8, bytes are octet-stream unless named, json_response escapes to ASCII.

    文本是 UTF-8 的 text/plain；字节不说明就是 octet-stream；json_response 只出 ASCII。
    """
    async with TestClient(TestServer(responses.build_app())) as client:
        response = await client.get(path)
        assert (response.status, response.headers["Content-Type"]) == (status, kind)
        assert await response.read() == body


async def test_a_handler_that_returns_nothing_is_a_500() -> None:
    """A handler without `return` answers 500, and so does one that returns a str.

    处理函数忘了 `return` 是 500，返回字符串也是 500。
    """

    async def nothing(request: web.Request) -> None:
        pass

    async def word(request: web.Request) -> str:
        return "word"

    for handler in (nothing, word):
        assert (await ask(single(handler))).status == 500  # type: ignore[arg-type]


@pytest.mark.statement("S31")
async def test_a_requests_headers_are_read_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Setting a header of the request raises TypeError.

    给请求的头部赋值会抛 TypeError。
    """
    await ask(read_only.build_app())
    assert capsys.readouterr().out == "request.headers: TypeError\n"

    async def change(request: web.Request) -> web.Response:
        with pytest.raises(TypeError):
            request.headers["X-Kind"] = "mine"  # type: ignore[index]
        return web.Response(text=request.headers["X-Kind"])

    response = await ask(single(change), headers={"X-Kind": "theirs"})
    assert (response.status, await response.text()) == (200, "theirs")


@pytest.mark.statement("S31")
async def test_a_prepared_response_ignores_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """After `prepare`, `set_status` raises; headers, content type and cookies are ignored in silence.

    `prepare` 之后，`set_status` 抛异常；改头部、内容类型、cookie 不报错，也不起作用。
    """
    response = await ask(prepared.build_app())
    assert capsys.readouterr().out.splitlines() == [
        "set_status: AssertionError",
        "set:  late text/late cookie",
    ]
    assert (response.status, response.headers["X-Kind"]) == (202, "early")
    assert response.content_type == "application/octet-stream"
    assert "Set-Cookie" not in response.headers


async def test_a_reused_response_answers_nobody() -> None:
    """A response object returned a second time is not sent: one connection, three requests, two answers.

    同一个响应对象返回第二次就不再发送：一个连接，三个请求，只有两个响应。
    """
    async with TestServer(shared.build_app()) as server:
        assert await shared.ask(server, "/fresh", "/fresh", "/fresh") == ["fresh"] * 3
        assert await shared.ask(server, "/shared", "/shared", "/fresh") == ["shared", "fresh"]
        assert await shared.ask(server, "/shared", "/fresh") == ["fresh"]


async def test_the_client_of_a_reused_response_waits() -> None:
    """The second client of a shared response object still waits when others have been answered.

    共用一个响应对象，第二个客户端一直等，别人的请求早就答完了。
    """
    async with TestClient(TestServer(shared.build_app())) as client:
        assert (await client.get("/shared")).status == 200
        waiting = asyncio.ensure_future(client.get("/shared"))
        await asyncio.sleep(0.3)
        assert (await client.get("/fresh")).status == 200
        assert not waiting.done()
        waiting.cancel()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((body.encode(), "application/json") for body in prompt.BODIES[1:]),
        (b'"\xff"', "application/json"),
        (b"{}", "application/json; charset=none"),
    ],
)
async def test_a_strict_handler_answers_400(body: bytes, kind: str) -> None:
    """Bad JSON, JSON that is no object, bad UTF-8, an unknown charset, an object without job: all 400.

    不是 JSON、不是对象、不是 UTF-8、字符集不认识、对象里没有任务：都是 400。
    """
    response = await ask(strict.build_app(), "/prompt", "POST", data=body, headers={"Content-Type": kind})
    assert response.status == 400
    assert list(await response.json()) == ["error"]


async def test_a_strict_handler_takes_a_good_job() -> None:
    """An object with a job is taken as before.

    带着任务的对象照收。
    """
    response = await ask(strict.build_app(), "/prompt", "POST", data=prompt.BODIES[0])
    assert (response.status, await response.json()) == (200, {"queued": 1})
