"""Proofs for the page http/authorization."""

import base64
import hmac
import inspect
import logging
import re
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock, patch
from urllib.parse import urljoin

import pytest
from aiohttp import BasicAuth, ClientSession, ContentTypeError, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware
from playwright.async_api import Browser, Error

from snippets.http.authorization import (
    bearer,
    client,
    compare,
    guard,
    install,
    preflight,
    public,
    session,
)
from snippets.recreation.cli_args import args
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, flags_set, serving
from snippets.server.websocket.takeover import heard
from tests.client import ask, trace
from tests.http.at_home import browsing, fetch
from tests.server.foreign_page import empty_page, visitor

ORIGIN = "Access-Control-Allow-Origin"
POST = (
    "fetch('URLPATH', {method: 'POST', headers: {Authorization: 'Bearer x'}})"
    ".then(answer => answer.status, error => error.name)"
)


def authorization(token: str) -> dict[str, str]:
    """Return headers with a bearer token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.statement("S54")
@pytest.mark.parametrize(
    ("headers", "method", "status", "challenge"),
    [
        ({}, "POST", 401, 'Bearer realm="queue"'),
        ({"Authorization": "Basic Ym9iOnB3"}, "POST", 401, 'Bearer realm="queue"'),
        ({"Authorization": "Bearer [wr1te]"}, "POST", 401, 'Bearer realm="queue"'),
        (authorization("wr0ng"), "POST", 401, 'Bearer realm="queue", error="invalid_token"'),
        (authorization("r3ad"), "POST", 403, 'Bearer realm="queue", error="insufficient_scope"'),
        (authorization("r3ad"), "GET", 200, None),
        (authorization("wr1te"), "GET", 200, None),
        (authorization("wr1te"), "POST", 200, None),
    ],
)
async def test_401_asks_who_403_says_not_you(
    headers: dict[str, str],
    method: str,
    status: int,
    challenge: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No token or a wrong one is 401, a good one without the right 403, else the handler runs: 200; `error` only with a token.

    没有令牌或令牌不对，返回 401；令牌对、权限不够，返回 403；都对才执行处理函数，返回 200。取到了令牌才写 `error`。
    """  # noqa: E501
    ran: list[str] = []

    async def queue(request: web.Request) -> web.Response:
        ran.append(request.method)
        return web.Response(text="welcome")

    with patch.object(guard, "queue", queue):
        app = guard.build_app()
    response = await ask(app, "/queue", method, headers=headers)
    assert (response.status, response.headers.get("WWW-Authenticate")) == (status, challenge)
    assert await response.text() == ("welcome" if status == 200 else "")
    assert ran == ([method] if status == 200 else [])
    await guard.main()
    answers = [line.split(maxsplit=1)[1][:3] for line in capsys.readouterr().out.splitlines()]
    assert answers == ["401", "401", "403", "200"]


@pytest.mark.statement("S54")
async def test_aiohttp_adds_no_challenge() -> None:
    """`raise web.HTTPUnauthorized` sends 401 without WWW-Authenticate, unless one is passed in.

    `raise web.HTTPUnauthorized` 发出的 401 没有 WWW-Authenticate，除非自己传进去。
    """

    async def bare(request: web.Request) -> web.Response:
        raise web.HTTPUnauthorized

    async def full(request: web.Request) -> web.Response:
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Bearer realm="x"'})

    for handler, challenge in ((bare, None), (full, 'Bearer realm="x"')):
        app = web.Application()
        app.router.add_get("/", handler)
        response = await ask(app)
        assert (response.status, response.headers.get("WWW-Authenticate")) == (401, challenge)


@pytest.mark.statement("S55")
@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer s3cret", "s3cret"),
        ("bearer s3cret", "s3cret"),
        ("BEARER   s3cret", "s3cret"),
        ("Bearer abc.def-123==", "abc.def-123=="),
        ("Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"),  # the example of RFC 6750 §2.1
        *((header, None) for header in ("", "Bearer", "Bearer ", "Bearer [token]", "Bearers3cret")),
        *((header, None) for header in ("Bearer\ts3cret", " Bearer s3cret", "Bearer s3cret ")),
        *((header, None) for header in ("Bearer a=b", "Bearer =", "Bearer a, b", "Basic Ym9iOnB3")),
        *((header, None) for header in ("Bearer é", "Bearer \udce9", "Token s3cret", "s3cret")),
    ],
)
def test_the_parser_takes_one_token_after_the_scheme(header: str, token: str | None) -> None:
    """The parser takes a scheme in any case, blanks, a token, and nothing else.

    解析器只认这一种写法：方案名（大小写不限）、空格、令牌，此外什么都没有。
    """
    assert bearer.parse_bearer(header) == token


@pytest.mark.statement("S55")
async def test_comparing_whole_strings_refuses_another_case() -> None:
    """`== "Bearer r3ad"` would refuse `bearer r3ad`; the guard lets it in.

    `== "Bearer r3ad"` 会拒绝 `bearer r3ad`；`guard` 放行。
    """
    header = "bearer r3ad"
    assert header != "Bearer r3ad"
    assert (await ask(guard.build_app(), "/queue", headers={"Authorization": header})).status == 200


@pytest.mark.statement("S56")
@pytest.mark.parametrize(
    ("path", "statuses"),
    [("/text", [200, 401, 500, 500]), ("/utf8", [200, 401, 401, 500]), ("/same", [200, 401, 401, 401])],
)
async def test_a_token_beyond_ascii_breaks_two_comparisons(path: str, statuses: list[int]) -> None:
    """Compared as text any token beyond ASCII is a 500; encoded as UTF-8, one that was not UTF-8, read as a surrogate, still is.

    按文本比较，ASCII 之外的令牌都是 500；本来就不是 UTF-8 的，读成代理字符，编码成 UTF-8 再比较仍是 500。
    """  # noqa: E501
    with pytest.raises(TypeError, match="ASCII"):
        hmac.compare_digest("é", "s3cret")
    with pytest.raises(UnicodeEncodeError):
        "\udce9".encode()
    heard: list[str] = []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        heard.append(request.headers["Authorization"])
        return await handler(request)

    logging.disable()
    try:
        app = web.Application(middlewares=[note])
        app.router.add_get("/{how}", compare.check)
        async with TestServer(app) as server:
            tokens = (b"s3cret", b"s3creT", b"\xc3\xa9", b"\xe9")
            assert [await compare.ask(server, path, token) for token in tokens] == statuses
        assert heard[2:] == [
            "Bearer \u00e9",
            "Bearer \udce9",
        ]  # the second is a surrogate, which UTF-8 has not
        assert heard[3].encode(errors="surrogateescape") == b"Bearer \xe9"
        assert compare.same(heard[3], b"Bearer \xe9")
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.statement("S56")
@pytest.mark.parametrize("token", [b"\xc3\xa9", b"\xe9", b"\xff\xfe", "令牌".encode()])
async def test_the_guard_answers_401_to_a_token_beyond_ascii(
    token: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard answers 401, not 500, to bytes outside ASCII: the parser takes no such token.

    The login has no parser, and its comparison answers 401, too; a form that cannot be decoded gets a 400.

    令牌里有 ASCII 之外的字节，`guard` 返回 401，不是 500：解析器不接受这样的令牌。
    登录时不经过解析器，比较函数也返回 401；表单无法解码，就返回 400。
    """
    async with TestServer(guard.build_app()) as server:
        assert await compare.ask(server, "/queue", token) == 401
    assert bearer.parse_bearer("Bearer " + token.decode(errors="surrogateescape")) is None
    seen: list[str] = []

    def noted(sent: str, secret: bytes) -> bool:
        seen.append(sent)
        return compare.same(sent, secret)

    monkeypatch.setattr(guard, "same", noted)
    monkeypatch.setattr(session, "same", noted)
    async with TestServer(guard.build_app()) as server:
        assert await compare.ask(server, "/queue", token) == 401
        assert seen == []
    async with TestClient(TestServer(session.build_app())) as user:
        sent = token.decode(errors="replace")
        assert (await user.post("/login", data={"token": sent})).status == 401
        assert seen == [sent]
        with pytest.raises(TypeError, match="ASCII"):
            hmac.compare_digest(sent, "wr1te")  # a comparison as text would have raised
        for charset in ("utf-8", "latin-1", "none"):
            kind = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
            readable = charset == "latin-1" or (charset == "utf-8" and sent.encode() == token)
            response = await user.post("/login", data=b"token=" + token, headers=kind)
            assert response.status == (401 if readable else 400)
    assert not compare.same(token.decode(errors="surrogateescape"), b"s3cret")
    assert compare.same(token.decode(errors="surrogateescape"), token)


@pytest.mark.statement("S56")
async def test_whoever_holds_the_token_gets_in() -> None:
    """Two clients that share nothing but the token both get in: it proves possession, no more.

    两个客户端，只有令牌相同，两个都能通过：令牌只证明持有。
    """
    async with TestServer(guard.build_app()) as server:
        for agent in ("owner", "thief"):
            async with ClientSession(headers={"User-Agent": agent}) as session:
                response = await session.get(server.make_url("/queue"), headers=authorization("r3ad"))
                assert response.status == 200


@pytest.mark.statement("S54")
async def test_the_guard_stands_before_every_path(tmp_path: Path) -> None:
    """A root middleware also guards files, WebSockets, sub-applications and paths that do not exist.

    根应用的中间件也保护静态文件、WebSocket、子应用和不存在的路径。
    """

    async def echo(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.close()
        return ws

    (tmp_path / "a.txt").write_text("a")
    app, child = guard.build_app(), web.Application()
    app.router.add_get("/ws", echo)
    app.router.add_static("/files", tmp_path)
    child.router.add_get("/leaf", guard.queue)
    app.add_subapp("/child", child)
    async with TestClient(TestServer(app)) as client:
        for path, status in (("/files/a.txt", 200), ("/child/leaf", 200), ("/none", 404)):
            assert (await client.get(path)).status == 401
            assert (await client.get(path, headers=authorization("r3ad"))).status == status
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect("/ws")
        assert refused.value.status == 401
        await (await client.ws_connect("/ws", headers=authorization("r3ad"))).close()


@pytest.mark.statement("S54")
async def test_a_guard_in_a_sub_application_finds_the_tokens_of_the_root() -> None:
    """A guard on a sub-application alone finds the tokens, which only the root application has.

    `guard` 只放在子应用上，令牌只放在根应用上，它也找得到。
    """
    app, child = web.Application(), web.Application(middlewares=[guard.guard])
    app[guard.METHODS] = {"r3ad": {"GET"}}
    child.router.add_get("/leaf", guard.queue)
    app.add_subapp("/child", child)
    assert guard.METHODS not in child  # which is `request.app` there
    async with TestClient(TestServer(app)) as client:
        for token, status in (("r3ad", 200), ("wr0ng", 401)):
            assert (await client.get("/child/leaf", headers=authorization(token))).status == status


@pytest.mark.statement("S54")
@pytest.mark.parametrize("headers", [{}, authorization("wr0ng")])
async def test_naming_the_header_checks_nothing(headers: dict[str, str]) -> None:
    """With `Access-Control-Allow-Headers: Authorization` alone, a POST with a wrong token or none gets 200.

    只有 `Access-Control-Allow-Headers: Authorization` 的话，令牌不对甚至没有令牌的 POST 仍然返回 200。
    """
    response = await ask(preflight.build_app([preflight.cors]), "/queue", "POST", headers=headers)
    assert (response.status, await response.text()) == (200, "welcome")
    assert response.headers["Access-Control-Allow-Headers"] == "Authorization"


@pytest.mark.statement("S54")
async def test_a_guard_outside_cors_refuses_the_preflight() -> None:
    """With the guard outside, a preflight gets 401 and no 401 names an origin; inside, both come out right.

    `guard` 在外面，预检得到 401，两个 401 都没有 CORS 响应头；在里面，两个请求都对。
    """
    outside: list[Middleware] = [guard.guard, preflight.cors]
    inside = outside[::-1]
    for middlewares, expected in (
        (outside, [(401, None), (401, None)]),
        (inside, [(200, "*"), (401, "*")]),
    ):
        responses = [await ask(preflight.build_app(middlewares), "/queue", m) for m in ("OPTIONS", "POST")]
        assert [(response.status, response.headers.get(ORIGIN)) for response in responses] == expected


@pytest.mark.statement("S54")
async def test_a_browser_sends_no_token_with_the_preflight(chromium: Browser) -> None:
    """Chromium's preflight has no Authorization; refused, it keeps the POST back, and inside CORS it follows.

    Chromium 的预检不带 Authorization；预检被拒，POST 就不发；`guard` 在 CORS 里面，POST 才会发出。
    """
    for middlewares, expected, sent in (
        ([guard.guard, preflight.cors], "TypeError", [("OPTIONS", None)]),
        ([preflight.cors, guard.guard], 401, [("OPTIONS", None), ("POST", "Bearer x")]),
    ):
        heard: list[tuple[str, str | None]] = []

        @web.middleware
        async def note(
            request: web.Request, handler: Handler, heard: list[tuple[str, str | None]] = heard
        ) -> web.StreamResponse:
            heard.append((request.method, request.headers.get("Authorization")))
            return await handler(request)

        app = preflight.build_app([note, *middlewares])
        async with TestServer(app) as server, visitor(chromium, (server.host, server.port or 0)) as run:
            assert await run(POST.replace("PATH", "/queue")) == expected
        assert heard == sent


@pytest.mark.statement("S54")
async def test_a_raised_401_flies_past_cors(chromium: Browser) -> None:
    """Inside CORS a returned 401 can be read by a page's script; a raised one has no CORS header, and cannot.

    `guard` 在 CORS 里面，返回的 401，页面的脚本读得到；抛出的不带 CORS 头部，脚本读不到。
    """

    @web.middleware
    async def either(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await guard.guard(request, handler)
        if request.path == "/raised":
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        return response

    app = preflight.build_app([preflight.cors, either])
    async with TestClient(TestServer(app)) as client:
        for path, origin in (("/queue", "*"), ("/raised", None)):
            response = await client.post(path)
            assert (response.status, response.headers.get(ORIGIN)) == (401, origin)
        port = client.server.port
        assert port is not None
        async with visitor(chromium, (client.server.host, port)) as run:
            assert await run(POST.replace("PATH", "/queue")) == 401
            assert await run(POST.replace("PATH", "/raised")) == "TypeError"


@pytest.mark.statement("S54")
@pytest.mark.parametrize("flags", [(), ("--enable-cors-header",)])
async def test_server_py_lets_any_token_pass(flags: tuple[str, ...]) -> None:
    """The re-creation takes a prompt without a token and with a wrong one, with CORS on and off; no Origin is needed.

    重建的服务器开不开 CORS，没有令牌、令牌不对，都接受 prompt；也不需要 Origin。
    """  # noqa: E501
    async with serving(*flags, worker=False) as (_, client, *_):
        for headers in ({}, authorization("wr0ng"), {"Authorization": "nonsense"}):
            response = await client.post("/prompt", json={"prompt": SMALL_PROMPT}, headers=headers)
            assert response.status == 200
            named = response.headers.get("Access-Control-Allow-Headers")
            assert named == ("Content-Type, Authorization" if flags else None)
        foreign = {"Origin": "https://evil.example"}
        refused = await client.post("/prompt", json={"prompt": SMALL_PROMPT}, headers=foreign)
        assert refused.status == (200 if flags else 403)


async def test_without_the_flag_only_this_machine_is_listened_to() -> None:
    """The address is 127.0.0.1 by default; `--listen` without one stands for all of IPv4 and IPv6.

    地址默认是 127.0.0.1；`--listen` 不写地址，就是 IPv4 和 IPv6 的所有地址。
    """
    for flags, address in (([], "127.0.0.1"), (["--listen"], "0.0.0.0,::"), (["--listen", "::1"], "::1")):
        with flags_set(flags):
            assert args.listen == address
    async with serving(worker=False) as served:
        assert served.address[0] == "127.0.0.1"


@pytest.mark.parametrize("flags", [(), ("--enable-cors-header",)])
async def test_a_custom_node_appends_the_guard_and_its_tokens(flags: tuple[str, ...]) -> None:
    """Appended to the re-creation's middlewares, with its tokens in the application, the guard is in force, inside CORS.

    The first token allows the methods of all routes that are not for `*`.

    把 `guard` 加到重建的服务器的中间件列表末尾，令牌放进应用，它就生效，而且在 CORS 里面。
    第一个令牌允许所有路由的方法（`*` 除外）。
    """  # noqa: E501
    async with serving(*flags, prepare=lambda _: install.install(), worker=False) as (server, client, *_):
        used = {route.method for route in server.app.router.routes()}
        assert {"GET", "HEAD", "POST", "PATCH"} <= used - {"*"} <= server.app[guard.METHODS]["TOKEN"]
        for method, path in (("HEAD", "/"), ("DELETE", "/userdata/x"), ("PATCH", "/internal/logs/subscribe")):
            for token, refused in (("TOKEN", ()), ("wr0ng", (401,))):
                response = await client.request(method, path, json={}, headers=authorization(token))
                assert response.status in refused if refused else response.status not in (401, 403)
        for method, status in (("GET", 200), ("POST", 403)):
            response = await client.request(method, "/queue", json={}, headers=authorization("r3ad"))
            assert response.status == status
        for headers, status in (({}, 401), (authorization("wr0ng"), 401), (authorization("TOKEN"), 200)):
            assert (await client.get("/queue", headers=headers)).status == status
            response = await client.post("/prompt", json={"prompt": SMALL_PROMPT}, headers=headers)
            assert response.status == status
        assert (await client.options("/queue")).status == 200  # the preflight, without a token


def piece(name: str, module: ModuleType) -> str:
    """Return the part of a module that a page shows under a name."""
    return re.split(rf"# --8<-- \[(?:start|end):{name}\]", inspect.getsource(module))[1]


def pieces() -> list[str]:
    """Return the imports and the four pieces of the guard, as the page shows them."""
    return [
        "import hmac\nimport re\nfrom aiohttp import web\nfrom aiohttp.typedefs import Handler",
        "from server import PromptServer",
        *map(piece, ("parse", "same", "guard", "install"), (bearer, compare, guard, install)),
    ]


async def test_the_four_pieces_make_a_custom_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """One file with five imports, the four pieces of code and two lines after them guards the server when imported.

    一个文件：五行导入、四段代码、最后两行；导入它，服务器就受保护。
    """  # noqa: E501
    monkeypatch.setitem(sys.modules, "server", Mock(PromptServer=PromptServer))

    def prepare(_: PromptServer) -> None:
        code = "\n".join([*pieces(), "install()\nNODE_CLASS_MAPPINGS = {}"])
        exec(code, {"__name__": "my_guard"})

    async with serving(prepare=prepare, worker=False) as (_, client, *_):
        for headers, status in (({}, 401), (authorization("wr0ng"), 401), (authorization("TOKEN"), 200)):
            assert (await client.get("/queue", headers=headers)).status == status


async def test_a_token_for_get_can_take_over_messages() -> None:
    """A WebSocket is opened with a GET, so a token that allows no POST takes over another client's messages.

    WebSocket 用 GET 打开，所以不允许 POST 的令牌也能接管别的客户端的消息。
    """
    async with serving(prepare=lambda _: install.install(), worker=False) as (server, client, *_):
        path = "/ws?clientId=owner"
        owner, thief = [
            await client.ws_connect(path, headers=authorization(token), autoping=False)
            for token in ("TOKEN", "r3ad")
        ]
        await server.send("news", "for the owner", "owner")
        assert [message["data"] for message in await heard(thief)][-1] == "for the owner"
        assert [message["type"] for message in await heard(owner)] == ["status"]


async def test_the_login_makes_a_custom_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the pieces of the login and `install_login()`, posting the form's field opens the server's page.

    Without the cookie only `/login` is open; with it the page, the API and the WebSocket are.

    加上登录的代码和 `install_login()`，提交表单里的字段之后，就能打开服务器的网页。
    没有 cookie 时只有 `/login` 能打开；有了 cookie，网页、API 和 WebSocket 都能。
    """
    login = [("login", session), ("session", session), ("install", session)]
    monkeypatch.setitem(sys.modules, "server", Mock(PromptServer=PromptServer))

    def prepare(_: PromptServer) -> None:
        code = "\n".join([*pieces(), "import secrets", *map(piece, *zip(*login, strict=True))])
        exec(f"{code}\ninstall_login()\nNODE_CLASS_MAPPINGS = {{}}", {"__name__": "my_guard"})

    async with serving(prepare=prepare, worker=False) as (_, client, *_):
        for path, status in (
            ("/", 401),
            ("/queue", 401),
            ("/api/queue", 401),
            ("/none", 401),
            ("/login", 200),
        ):
            assert (await client.get(path)).status == status
        assert (await client.options("/queue")).status == 200
        assert (await client.get("/queue", headers=authorization("TOKEN"))).status == 200
        form = await (await client.get("/login")).text()
        assert re.findall(r"method=(\w+)|name=(\w+)", form) == [("post", ""), ("", "token")]
        cookies = {}
        for token, status in (("wr0ng", 401), ("TOKEN", 303)):
            response = await client.post("/login", data={"token": token}, allow_redirects=False)
            assert response.status == status
            cookies = {name: cookie.value for name, cookie in response.cookies.items()}
        assert response.headers["Location"] == "/"
        known = {"Cookie": f"session={cookies['session']}"}
        for path in ("/", "/queue", "/api/queue"):
            assert (await client.get(path, headers=known)).status == 200
        await (await client.ws_connect("/ws", headers=known)).close()
        assert (await client.post("/queue", json={}, headers=known)).status == 200
    # as a module: the same, line by line
    async with serving(prepare=lambda _: session.install_login(), worker=False) as (_, client, *_):
        assert [(await client.get(path)).status for path in ("/queue", "/login")] == [401, 200]


async def test_a_guard_locks_out_the_servers_own_page(chromium: Browser) -> None:
    """With the guard before the re-creation, its page and WebSocket are 401 to Chromium, which has no token.

    `guard` 放在重建的服务器前面，Chromium 没有令牌，打不开它的网页，也连不上它的 WebSocket。
    """
    heard: list[tuple[str, str | None]] = []

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        heard.append((request.path, request.headers.get("Authorization")))
        return await handler(request)

    def prepare(server: PromptServer) -> None:
        server.app[guard.METHODS] = {"r3ad": {"GET"}}
        server.app.middlewares[:0] = [note, guard.guard]

    async with serving(prepare=prepare, worker=False) as served:
        for path in ("/", "/ws"):
            assert (await served.client.get(path)).status == 401
        assert (await served.client.get("/", headers=authorization("r3ad"))).status == 200
        heard.clear()
        async with visitor(chromium, served.address) as run:
            opened = "new Promise(done => { const ws = new WebSocket('WS_URL/ws');"
            assert await run(f"{opened} ws.onopen = ws.onerror = event => done(event.type) }})") == "error"
        with pytest.raises(Error, match="ERR_HTTP_RESPONSE_CODE_FAILURE"):
            async with visitor(chromium, served.address, page="http://{}:{}/".format(*served.address)):
                pass
    assert {"/ws", "/"} <= {path for path, _ in heard}
    assert not [token for _, token in heard if token]


@pytest.mark.parametrize("scheme", ["Basic", "Bearer"])
async def test_a_browser_adds_a_password_by_itself_but_no_token(chromium: Browser, scheme: str) -> None:
    """Where a password was given, Chromium sends Basic also with `<img>`, `new WebSocket()` and a foreign page's form.

    给过密码的地方，Chromium 的 `<img>`、`new WebSocket()` 和外站页面的表单也会带上 Basic；Bearer 则不会自己带。
    """  # noqa: E501
    heard: dict[str, str | None] = {}
    unknown: list[str] = []

    @web.middleware
    async def lock(request: web.Request, handler: Handler) -> web.StreamResponse:
        heard[request.path] = request.headers.get("Authorization")
        if request.path == "/page" or (heard[request.path] or "").startswith(scheme):
            return await handler(request)
        unknown.append(request.path)
        return web.Response(text="who?", status=401, headers={"WWW-Authenticate": f'{scheme} realm="x"'})

    async def form(request: web.Request) -> web.Response:
        return web.Response(text=(await request.text()))

    async def picture(request: web.Request) -> web.Response:
        text = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
        return web.Response(text=text, content_type="image/svg+xml")

    async def socket(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        await ws.close()
        return ws

    app = web.Application(middlewares=[lock])
    app.router.add_get("/picture", picture)
    app.router.add_get("/ws", socket)
    app.router.add_post("/form", form)
    async with browsing(
        chromium, app, http_credentials={"username": "Aladdin", "password": "open sesame"}
    ) as page:
        events = [
            await page.evaluate(f"new Promise(done => {{ {script} = event => done(event.type) }})")
            for script in (
                "const it = new Image(); it.src = '/picture'; it.onload = it.onerror",
                "const it = new WebSocket(`ws://${location.host}/ws`); it.onopen = it.onerror",
            )
        ]
        home = page.url
        await page.goto(home.replace("127.0.0.1", "localhost"))  # another site
        send = "document.body.innerHTML = `<form method=post action=${url}><input name=a value=b>`"
        async with page.expect_navigation():
            await page.evaluate(f"url => {{ {send}; document.forms[0].submit() }}", urljoin(home, "/form"))
    example = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # of RFC 7617 §2
    assert "Basic " + base64.b64encode(b"Aladdin:open sesame").decode() == example
    if scheme == "Basic":
        assert (events, heard["/picture"], heard["/ws"]) == (["load", "open"], example, example)
        assert (unknown, heard["/form"]) == (["/picture"], example)  # asked for once
    else:
        assert (events, heard["/picture"], heard["/ws"]) == (["error", "error"], None, None)
        assert heard["/form"] is None


async def test_a_browsers_own_cache_needs_vary(chromium: Browser) -> None:
    """Chromium answers a second token with what the first one got, unless Vary names Authorization, or another profile asks.

    换一个令牌再请求，Chromium 会返回第一个令牌得到的响应，除非 `Vary` 写明了 Authorization，或者是另一个配置文件发出的请求。
    """  # noqa: E501

    async def whose(request: web.Request) -> web.Response:
        vary = {"Vary": "Authorization"} if request.path == "/varies" else {}
        headers = {"Cache-Control": "max-age=3600", **vary}
        return web.Response(text=request.headers["Authorization"], headers=headers)

    app = web.Application()
    app.router.add_get("/silent", whose)
    app.router.add_get("/varies", whose)
    async with browsing(chromium, app) as page:
        for path, read in (("/silent", "Bearer one"), ("/varies", "Bearer other")):
            assert await fetch(page, path, Authorization="Bearer one") == "Bearer one"
            assert await fetch(page, path, Authorization="Bearer other") == read
        assert page.context.browser
        other = await page.context.browser.new_page()  # in a context of its own, as another profile is
        await other.goto(page.url)
        assert await fetch(other, "/silent", Authorization="Bearer other") == "Bearer other"


@pytest.mark.statement("S55")
async def test_a_token_without_a_scheme_is_refused() -> None:
    """A token on its own stands where the scheme belongs, and gets a 401; after `Bearer` it passes.

    只写令牌，它就占了方案名的位置，得到 401；前面有 `Bearer` 就通过。
    """
    for header, status in (("r3ad", 401), ("Bearer r3ad", 200)):
        assert (await ask(guard.build_app(), "/queue", headers={"Authorization": header})).status == status


@pytest.mark.statement("S54")
async def test_a_client_sends_its_token_with_requests_and_with_the_handshake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without its token POST and WebSocket handshake get 401; with it, by aiohttp or urllib, 200 and 101.

    A session sends the token of `headers=` to any host.

    没有令牌，POST 和 WebSocket 握手都是 401；带上它，不管用 aiohttp 还是 urllib，就是 200 和 101。
    会话把 `headers=` 里的令牌发往任何主机。
    """
    async with ClientSession(headers=client.HEADERS) as wide:
        for host in ("127.0.0.1", "localhost"):
            async with TestServer(guard.build_app()) as server:
                url = server.make_url("/queue").with_host(host)
                async with wide.post(url) as response:
                    assert response.status == 200
    await client.main()
    assert capsys.readouterr().out.splitlines() == [
        'POST /queue -> 401 Bearer realm="queue"',
        "GET /ws -> 401",
        "POST /queue -> 200 -",
        "GET /ws -> 101",
        "urllib: POST /queue -> 200",
    ]


async def test_a_guard_that_redirects_looks_like_a_200() -> None:
    """Where a guard redirects to a login page a client that follows sees 200 and HTML, another one 302.

    登录验证如果跳转到登录页，跟随跳转的客户端得到 200 和 HTML；不跟随，才看得到 302。
    """

    async def login(request: web.Request) -> web.Response:
        return web.Response(text="<form>", content_type="text/html")

    @web.middleware
    async def to_login(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != "/login" and "Authorization" not in request.headers:
            raise web.HTTPFound("/login")
        return await handler(request)

    app = web.Application(middlewares=[to_login])
    app.router.add_get("/login", login)
    async with TestClient(TestServer(app)) as asking:
        followed = await asking.get("/history")
        assert (followed.status, followed.content_type) == (200, "text/html")
        with pytest.raises(ContentTypeError):
            await followed.json()
        assert (await asking.get("/history", allow_redirects=False)).status == 302
        known = await asking.get("/history", headers=authorization("x"))
        assert (known.status, known.history) == (404, ())


async def test_after_the_login_a_cookie_opens_pictures_and_sockets(chromium: Browser) -> None:
    """After the login Chromium sends the cookie with `<img>` and WebSocket; no script reads it, no other site sends it.

    Another port of the same host does send it.

    登录之后，Chromium 的 `<img>` 和 WebSocket 会带上 cookie；脚本读不到它，别的网站也发不出它，同一主机的其他端口却会带上。
    """  # noqa: E501
    cookies, origins = dict[str, bool](), list[str | None]()

    @web.middleware
    async def but_the_page(request: web.Request, handler: Handler) -> web.StreamResponse:
        cookies[request.path] = "session" in request.cookies
        origins.append(request.headers.get("Origin"))
        if request.path == "/page":
            return await handler(request)
        return await session.cookie_or_token(request, handler)

    async def picture(request: web.Request) -> web.Response:
        text = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
        return web.Response(text=text, content_type="image/svg+xml")

    app = web.Application(middlewares=[but_the_page])
    app[guard.METHODS], app[session.SESSIONS] = {"r3ad": {"GET"}}, {}
    app.router.add_post("/login", session.log_in)
    app.router.add_get("/", guard.queue)
    app.router.add_get("/queue", guard.queue)
    app.router.add_get("/picture", picture)
    app.router.add_get("/ws", client.listen)
    log_in = (
        "token => fetch('/login', {method: 'POST', body: new URLSearchParams({token})}).then(a => a.status)"
    )
    scripts = (
        "const it = new Image(); it.src = '/picture?' + Math.random(); it.onload = it.onerror",
        "const it = new WebSocket(`ws://${location.host}/ws`); it.onopen = it.onerror",
    )
    elsewhere = web.Application()
    elsewhere.router.add_get("/", empty_page)
    async with TestServer(elsewhere) as other, browsing(chromium, app) as page:
        for token, status, ends in (
            ("wrong", 401, ["error", "error"]),
            ("r3ad", 200, ["load", "open"]),
        ):
            assert await page.evaluate(log_in, token) == status
            assert ends == [
                await page.evaluate(f"new Promise(done => {{ {script} = event => done(event.type) }})")
                for script in scripts
            ]
        assert cookies["/picture"]
        assert cookies["/ws"]
        assert await page.evaluate("document.cookie") == ""
        home = await page.evaluate("location.origin")
        await page.goto(f"http://localhost:{other.port}/")
        send = "url => fetch(url, {mode: 'no-cors', credentials: 'include'}).then(() => 'sent')"
        post = send.replace("mode", "method: 'POST', mode")
        for script in (send, post):
            assert await page.evaluate(script, f"{home}/queue") == "sent"
            assert not cookies.pop("/queue")
        socket = "url => new Promise(done => { const it = new WebSocket(url); it.onerror = () => done(0) })"
        picture_there = "url => new Promise(done => { const it = new Image(); it.onerror = () => done(0)"
        await page.evaluate(f"{picture_there}; it.src = url }})", f"{home}/picture?there")
        await page.evaluate(socket, home.replace("http:", "ws:") + "/ws")
        frame = (
            "document.body.innerHTML = `<iframe name=i></iframe><form method=post target=i action=${url}>`"
        )
        sent = "document.querySelector('iframe').onload = done; document.forms[0].submit()"
        form = f"url => new Promise(done => {{ {frame}; {sent} }}).then(() => 0)"
        await page.evaluate(form, f"{home}/queue")
        assert [cookies.pop(path) for path in ("/picture", "/ws", "/queue")] == [False] * 3
        await page.goto(str(other.make_url("/")))  # another port, the same site
        for script in (send, post):
            assert await page.evaluate(script, f"{home}/queue") == "sent"
            assert cookies.pop("/queue")
        assert origins[-1] == str(other.make_url("/")).removesuffix("/")  # of the POST: it can be compared
        await page.goto(f"http://localhost:{other.port}/")
        cookies.clear()
        await page.evaluate("url => { location.href = url }", f"{home}/page")  # as by a link
        await page.wait_for_url(f"{home}/page")
        assert cookies == {"/page": False}
        await page.goto(f"{home}/page")
        assert await page.evaluate("fetch('/queue').then(answer => answer.status)") == 200
        assert cookies["/queue"]


async def test_a_session_may_do_what_its_token_may() -> None:
    """With four methods a session of each of three tokens is answered as its token is: 200 if it allows the method, else 403.

    三个令牌，四种方法：会话得到的状态码都和它的令牌一样，令牌允许这种方法就是 200，不允许就是 403。
    """  # noqa: E501
    app = web.Application(middlewares=[session.cookie_or_token])
    app[guard.METHODS] = {"r3ad": {"GET"}, "wr1te": {"GET", "POST"}, "p0st": {"POST"}}
    app[session.SESSIONS] = {}
    app.router.add_post("/login", session.log_in)
    app.router.add_get("/", guard.queue)
    app.router.add_route("*", "/queue", guard.queue)
    async with TestClient(TestServer(app)) as user:
        for token, allowed in app[guard.METHODS].items():
            sent = await user.post("/login", data={"token": token}, allow_redirects=False)
            assert sent.status == 303
            expected = {one: 200 if one in allowed else 403 for one in ("GET", "POST", "PUT", "DELETE")}
            assert {one: (await user.request(one, "/queue")).status for one in expected} == expected
            user.session.cookie_jar.clear()
            assert (await user.get("/queue")).status == 401
            own = authorization(token)
            answers = {one: (await user.request(one, "/queue", headers=own)).status for one in expected}
            assert answers == expected


def redirecting(target: str) -> web.Application:
    """Return an application that redirects /leave to a target; /show says which Authorization came."""

    async def show(request: web.Request) -> web.Response:
        return web.Response(text=request.headers.get("Authorization", "nothing"))

    async def leave(request: web.Request) -> web.Response:
        raise web.HTTPFound(target)

    app = web.Application()
    app.router.add_get("/show", show)
    app.router.add_get("/leave", leave)
    return app


@pytest.mark.filterwarnings("ignore:(BasicAuth|The 'auth' parameter) is deprecated")  # since 3.14
async def test_the_client_drops_credentials_when_the_origin_changes() -> None:
    """Redirected to another port or host, aiohttp's client drops Authorization, but not the session's `auth`.

    跳转到别的端口或主机，aiohttp 客户端去掉 Authorization，但会话的 `auth` 照样发送。
    """

    async def leave_by_name(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.url.with_host("localhost").with_path("/show"))

    basic = BasicAuth("user", "s3cret").encode()
    async with TestServer(redirecting("/show")) as there, ClientSession() as session:
        away, named = redirecting(str(there.make_url("/show"))), redirecting("/show")
        named.router.add_get("/by-name", leave_by_name)
        for app, path, arrived in (
            (redirecting("/show"), "/leave", "Bearer s3cret"),
            (away, "/leave", "nothing"),
            (named, "/by-name", "nothing"),
        ):
            async with TestServer(app) as here:
                assert (here.host, here.port != there.port) == ("127.0.0.1", True)
                response = await session.get(here.make_url(path), headers=authorization("s3cret"))
                assert (len(response.history), await response.text()) == (1, arrived)
                assert response.url.port == (there.port if app is away else here.port)
                async with ClientSession(headers=authorization("s3cret")) as known:
                    assert await (await known.get(here.make_url(path))).text() == arrived
                async with ClientSession(auth=BasicAuth("user", "s3cret")) as known:
                    assert await (await known.get(here.make_url(path))).text() == basic
        direct = await session.get(there.make_url("/show"), headers=authorization("s3cret"))
        assert await direct.text() == "Bearer s3cret"


@pytest.mark.statement("S54")
@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        *(("/health", "GET", 200), ("/health", "HEAD", 200), ("/health?x=1", "GET", 200)),
        *(("/health/", "GET", 401), ("/health", "POST", 401), ("/queue", "GET", 401), ("/none", "GET", 401)),
    ],
)
async def test_only_a_marked_handler_is_public(path: str, method: str, status: int) -> None:
    """A marked handler is open however it is asked; anything else, unknown paths too, wants a token.

    标记过的处理函数，怎样请求都不要令牌；其余的都要，包括不存在的路径。
    """
    app = public.build_app()
    app.middlewares.append(trace([], "a middleware further in"))
    response = await ask(app, path, method)
    assert response.status == status
    assert response.headers.get("WWW-Authenticate") == ('Bearer realm="queue"' if status == 401 else None)
    if method == "GET" and status == 200:
        assert await response.text() == "alive"


async def test_the_parameter_handler_is_not_the_routed_handler() -> None:
    """With a middleware further in, the parameter `handler` is that one, `match_info.handler` the handler.

    里面还有一层中间件的话，参数 `handler` 是那个中间件，`match_info.handler` 才是处理函数。
    """
    seen: list[tuple[bool, bool]] = []

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        seen.append((handler is public.health, request.match_info.handler is public.health))
        return await handler(request)

    for further_in in ([], [trace([], "a middleware further in")]):
        app = web.Application(middlewares=[look, *further_in])
        app.router.add_get("/health", public.health)
        assert (await ask(app, "/health")).status == 200
    assert seen == [(True, True), (False, True)]
