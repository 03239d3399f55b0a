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

# --8<-- [start:session]
SESSIONS = web.AppKey("SESSIONS", set[str])


async def log_in(request: web.Request) -> web.StreamResponse:
    """Exchange a token for a cookie, which browsers send themselves."""
    token = str((await request.post()).get("token"))
    keys = request.app[METHODS]
    if not any([same(token, key.encode()) for key in keys]):
        return refuse(401)
    session = secrets.token_urlsafe()
    request.app[SESSIONS].add(session)
    found = web.HTTPSeeOther("/queue")
    found.set_cookie(
        "session", session, httponly=True, samesite="Strict"
    )
    raise found


@web.middleware
async def cookie_or_token(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Pass on who has logged in; ask everybody else for a token."""
    known = request.cookies.get("session") in request.app[SESSIONS]
    if known or request.match_info.handler is log_in:
        return await handler(request)
    return await guard(request, handler)


# --8<-- [end:session]
def build_app() -> web.Application:
    app = web.Application(middlewares=[cookie_or_token])
    app[METHODS], app[SESSIONS] = {"wr1te": {"GET", "POST"}}, set()
    app.router.add_post("/login", log_in)
    app.router.add_get("/queue", queue)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for token in ("wrong", "wr1te"):
            before = await client.get("/queue")
            form = {"token": token}
            sent = await client.post(
                "/login", data=form, allow_redirects=False
            )
            after = await client.get("/queue")
            print(f"GET {before.status}, log in with {token}", end=" ")
            print(f"{sent.status}, GET {after.status}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
