"""Show a middleware that refuses some requests and adds a header."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


# --8<-- [start:app]
@web.middleware
async def read_only(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    if request.method not in ("GET", "HEAD"):
        raise web.HTTPForbidden
    response = await handler(request)
    response.headers["X-Mode"] = "read-only"
    return response


def build_app() -> web.Application:
    app = web.Application(middlewares=[read_only])
    app.router.add_route("*", "/", hello)
    return app


# --8<-- [end:app]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for method in ("GET", "POST"):
            response = await client.request(method, "/")
            print(
                method, response.status, response.headers.get("X-Mode")
            )
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
