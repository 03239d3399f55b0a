"""Show what becomes of a route that comes after add_routes."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.routes.part import add_routes


# --8<-- [start:late]
async def hello(request: web.Request) -> web.Response:
    """Say hello."""
    return web.Response(text="hello")


def build_app(root: Path) -> web.Application:
    """Return an application with one route in time, two late."""
    server = PromptServer(Settings.below(root))
    table = web.RouteTableDef()
    table.get("/in-time")(hello)
    add_routes(server, table)
    table.get("/in-the-table")(hello)
    server.app.router.add_get("/in-the-router", hello)
    return server.app


# --8<-- [end:late]
async def main() -> None:
    paths = ("/in-time", "/in-the-table", "/in-the-router")
    with tempfile.TemporaryDirectory() as root:
        app = build_app(Path(root))
        async with TestClient(TestServer(app)) as client:
            for path in paths:
                for address in (path, "/api" + path):
                    status = (await client.get(address)).status
                    print(f"{status} {address}")


if __name__ == "__main__":
    asyncio.run(main())
