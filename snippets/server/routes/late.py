"""Show what becomes of a route that comes after add_routes."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation.server import PromptServer


# --8<-- [start:late]
async def hello(request: web.Request) -> web.Response:
    """Say hello."""
    return web.Response(text="hello")


def build_app() -> web.Application:
    """Return an application with one route in time, two late."""
    server = PromptServer(asyncio.get_running_loop())
    server.routes.get("/in-time")(hello)
    server.add_routes()
    server.routes.get("/in-the-table")(hello)
    server.app.router.add_get("/in-the-router", hello)
    return server.app


# --8<-- [end:late]
# --8<-- [start:main]
async def main() -> None:
    paths = ("/in-time", "/in-the-table", "/in-the-router")
    async with TestClient(TestServer(build_app())) as client:
        for path in paths:
            for address in (path, "/api" + path):
                status = (await client.get(address)).status
                print(f"{status} {address}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
