"""Show at how many addresses a route answers that begins with /api."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:table]
routes = web.RouteTableDef()


@routes.get("/queue")
@routes.get("/api/jobs")
async def answer(request: web.Request) -> web.Response:
    """Answer at once."""
    return web.Response()


def doubled(table: web.RouteTableDef) -> web.Application:
    """Return an application with every route below /api as well.

    Source: ComfyUI v0.3.10, server.py, lines 707–714
    """
    app, copies = web.Application(), web.RouteTableDef()
    for route in table:
        assert isinstance(route, web.RouteDef)
        copies.route(route.method, "/api" + route.path)(route.handler)
    app.add_routes([*copies, *table])
    return app


# --8<-- [end:table]
# --8<-- [start:call]
async def main() -> None:
    server = TestServer(doubled(routes))
    async with TestClient(server) as client:
        for path in ("/queue", "/api/queue", "/jobs"):
            print((await client.get(path)).status, path)
        for path in ("/api/jobs", "/api/api/jobs"):
            print((await client.get(path)).status, path)


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
