"""Show three ways to respond before the handler is reached."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:gate]
@web.middleware
async def gate(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Pass `?key=open` on, redirect `?key=old`, refuse the rest."""
    match request.query.get("key"):
        case "open":
            return await handler(request)
        case "old":
            raise web.HTTPFound("/?key=open")
        case "shut":
            return web.Response(status=403, text="returned")
        case _:
            raise web.HTTPForbidden(text="raised")


# --8<-- [end:gate]
async def secret(request: web.Request) -> web.Response:
    print("  the handler runs")
    return web.Response(text="welcome")


def build_app() -> web.Application:
    app = web.Application(middlewares=[gate])
    app.router.add_get("/", secret)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in ("/?key=open", "/?key=old", "/?key=shut", "/"):
            response = await client.get(path, allow_redirects=False)
            print(path, response.status, await response.text())
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
