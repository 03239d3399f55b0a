"""Show the order with a sub-application, and what `request.app` is."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

NAME = web.AppKey("NAME", str)


def trace(name: str) -> Middleware:
    """Return a middleware that prints its name and `request.app`."""

    @web.middleware
    async def middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        print(f"{name}: request.app is {request.app[NAME]}")
        response = await handler(request)
        print(f"{name}: done")
        return response

    return middleware


# --8<-- [start:app]
async def leaf(request: web.Request) -> web.Response:
    print(f"handler: request.app is {request.app[NAME]}")
    return web.Response()


def build_app() -> web.Application:
    """Return a parent with a child below /child."""
    child = web.Application(middlewares=[trace("inner")])
    child[NAME] = "child"
    child.router.add_get("/leaf", leaf)
    parent = web.Application(middlewares=[trace("outer")])
    parent[NAME] = "parent"
    parent.add_subapp("/child", child)
    return parent


# --8<-- [end:app]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in ("/child/leaf", "/child/none", "/none"):
            print(f"GET {path}")
            print((await client.get(path)).status)
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
