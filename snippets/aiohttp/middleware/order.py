"""Show which middleware runs first, going in and coming out."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:layer]
@web.middleware
async def outer(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Print before and after everything further in."""
    print("outer: before")
    response = await handler(request)
    print("outer: after")
    return response


# --8<-- [end:layer]


@web.middleware
async def inner(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    print("  inner: before")
    response = await handler(request)
    print("  inner: after")
    return response


# --8<-- [start:app]
async def hello(request: web.Request) -> web.Response:
    print("    handler")
    return web.Response(text="hello")


def build_app() -> web.Application:
    """Return an application with two layers around its handler."""
    app = web.Application(middlewares=[outer, inner])
    app.router.add_get("/", hello)
    return app


# --8<-- [end:app]


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        response = await client.get("/")
        print(response.status, await response.text())
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
