"""Show which answers go out without the four headers."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.cors.part import ALLOW, create_cors_middleware


# --8<-- [start:handlers]
async def returned(request: web.Request) -> web.Response:
    """Return a 404."""
    return web.Response(status=404)


async def raised(request: web.Request) -> web.Response:
    """Raise a 404."""
    raise web.HTTPNotFound


async def broken(request: web.Request) -> web.Response:
    """Fail."""
    raise ValueError


async def streamed(request: web.Request) -> web.StreamResponse:
    """Send the headers before returning."""
    await (response := web.StreamResponse()).prepare(request)
    return response


# --8<-- [end:handlers]
def build_app() -> web.Application:
    """Return an application with a handler of each kind."""
    app = web.Application(middlewares=[create_cors_middleware("*")])
    for handler in (returned, raised, broken, streamed):
        app.router.add_get(f"/{handler.__name__}", handler)
    app.router.add_static("/files", ".")
    return app


async def main() -> None:
    logging.disable()
    async with TestClient(TestServer(build_app())) as client:
        for path in (
            "/returned",
            "/files/none.js",
            "/raised",
            "/none",
            "/broken",
            "/streamed",
        ):
            answer = await client.get(path)
            allowed = answer.headers.get(f"{ALLOW}-Origin")
            print(answer.status, path, allowed)


if __name__ == "__main__":
    asyncio.run(main())
