"""Show a guard that lets handlers marked as public through."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.http.authorization.guard import METHODS, guard, queue

# --8<-- [start:public]
PUBLIC: set[Handler] = set()


def public(handler: Handler) -> Handler:
    """Mark a handler that needs no token."""
    PUBLIC.add(handler)
    return handler


@web.middleware
async def open_or_locked(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Ask for a token unless the routed handler is public."""
    # --8<-- [start:gap]
    if request.match_info.handler in PUBLIC:
        return await handler(request)
    return await guard(request, handler)
    # --8<-- [end:gap]


@public
async def health(request: web.Request) -> web.Response:
    return web.Response(text="alive")


# --8<-- [end:public]
@web.middleware
async def further_in(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    return await handler(request)


def build_app() -> web.Application:
    """Return an application with one open and one locked path."""
    app = web.Application(middlewares=[open_or_locked, further_in])
    app[METHODS] = {"r3ad": {"GET"}}
    app.router.add_get("/health", health)
    app.router.add_get("/queue", queue)
    return app


async def main() -> None:
    token = {"Authorization": "Bearer r3ad"}
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for path in ("/health", "/health?x=1", "/queue", "/none"):
            without = await client.get(path)
            with_token = await client.get(path, headers=token)
            print(f"{path:12}", without.status, with_token.status)
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
