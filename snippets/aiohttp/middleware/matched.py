"""Show how a middleware learns which route a request has found."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:name]
@web.middleware
async def name_route(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Print the route's pattern, or why there is none."""
    match = request.match_info
    if match.http_exception:
        print(match.http_exception.status, end=": ")
    else:
        assert match.route.resource  # a route that was found has one
        print(match.route.resource.canonical, end=": ")
    print(request.method, request.path)
    return await handler(request)


# --8<-- [end:name]
async def show(request: web.Request) -> web.Response:
    return web.Response(text=request.match_info["folder"])


def build_app() -> web.Application:
    app = web.Application(middlewares=[name_route])
    app.router.add_get("/models/{folder}", show)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        await client.get("/models/vae")
        await client.get("/none")
        await client.post("/models/vae")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
