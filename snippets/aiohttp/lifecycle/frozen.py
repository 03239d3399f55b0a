"""Show until when an application takes routes."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


async def ok(request: web.Request) -> web.Response:
    return web.Response()


# --8<-- [start:routes]
async def start(app: web.Application) -> None:
    """Add a route while the application starts."""
    app.router.add_get("/at-startup", ok)


def build_app(routes: web.RouteTableDef) -> web.Application:
    """Return an application, for which `/late` comes too late."""
    app = web.Application()
    app.on_startup.append(start)
    routes.get("/in-time")(ok)
    app.add_routes(routes)
    routes.get("/late")(ok)
    return app


async def main() -> None:
    app = build_app(web.RouteTableDef())
    async with TestClient(TestServer(app)) as client:
        for path in ("/in-time", "/at-startup", "/late"):
            print(path, (await client.get(path)).status)
        try:
            app.router.add_get("/later", ok)
        except RuntimeError as error:
            print(f"/later {error}")


# --8<-- [end:routes]
if __name__ == "__main__":
    asyncio.run(main())
