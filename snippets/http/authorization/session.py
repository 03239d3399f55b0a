"""Show a guard that a web page can pass: log in once, for a cookie."""

import asyncio
import secrets

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.http.authorization.compare import same
from snippets.http.authorization.guard import (
    METHODS,
    guard,
    queue,
    refuse,
)
from snippets.http.authorization.install import install
from snippets.recreation.server import PromptServer

# --8<-- [start:login]
SESSIONS = web.AppKey("SESSIONS", dict[str, str])  # token by session
FORM = "<form method=post><input name=token type=password></form>"


async def show_form(request: web.Request) -> web.Response:
    """Ask for a token."""
    return web.Response(text=FORM, content_type="text/html")


async def log_in(request: web.Request) -> web.StreamResponse:
    """Exchange a token for a cookie, which browsers send themselves."""
    try:
        token = str((await request.post()).get("token"))
    except (LookupError, ValueError):  # it cannot be decoded
        return web.Response(status=400)
    known = request.config_dict[METHODS]
    keys = [x for x in known if same(token, x.encode())]
    if not keys:
        return refuse(401)
    session = secrets.token_urlsafe()
    request.config_dict[SESSIONS][session] = keys[0]
    see_other = web.HTTPSeeOther("/")
    see_other.set_cookie(
        "session", session, httponly=True, samesite="Strict"
    )
    raise see_other


# --8<-- [end:login]
# --8<-- [start:session]
@web.middleware
async def cookie_or_token(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Allow a session what its token allows; ask others for one."""
    if request.match_info.handler in (show_form, log_in):
        return await handler(request)
    session = request.cookies.get("session", "")
    token = request.config_dict[SESSIONS].get(session)
    if token is None:
        return await guard(request, handler)
    if request.method in request.config_dict[METHODS][token]:
        return await handler(request)
    return refuse(403)


# --8<-- [end:session]
# --8<-- [start:install]
def install_login() -> None:
    """Install the login in ComfyUI, before it runs."""
    install()  # the tokens, and `guard` as the last middleware
    server = PromptServer.instance
    server.app.middlewares[-1] = cookie_or_token
    server.app[SESSIONS] = {}
    server.routes.get("/login")(show_form)
    server.routes.post("/login")(log_in)


# --8<-- [end:install]
def build_app() -> web.Application:
    app = web.Application(middlewares=[cookie_or_token])
    app[METHODS], app[SESSIONS] = {"wr1te": {"GET", "POST"}}, {}
    app.router.add_get("/login", show_form)
    app.router.add_post("/login", log_in)
    app.router.add_get("/", queue)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for token in ("wrong", "wr1te"):
            got = [await client.get(path) for path in ("/", "/login")]
            form = {"token": token}
            sent = await client.post(
                "/login", data=form, allow_redirects=False
            )
            got += [sent, await client.get("/")]
            print(token, *(response.status for response in got))
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
