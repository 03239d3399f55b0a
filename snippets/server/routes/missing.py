"""Show an unknown path below /api answered in JSON."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.routes.part import add_routes


# --8<-- [start:missing]
async def missing(request: web.Request) -> web.Response:
    """Say that there is no such path, or not for this method."""
    error = {"error": f"no {request.method} {request.path}"}
    return web.json_response(error, status=404)


async def ready(request: web.Request) -> web.Response:
    """Stand for any handler of the server."""
    return web.Response(text="ready")


def build_app(root: Path) -> web.Application:
    """Return the server; what is below /api is never a file."""
    server = PromptServer(Settings.below(root))
    add_routes(server, [web.get("/ready", ready)])
    server.app.router.add_route("*", "/api/{rest:.*}", missing)
    return server.app


# --8<-- [end:missing]
# --8<-- [start:main]
async def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        app = build_app(Path(root))
        async with TestClient(TestServer(app)) as client:
            for line in (
                "GET /api/ready",
                "GET /api/nope",
                "GET /nope",
            ):
                method, path = line.split()
                answer = await client.request(method, path)
                print(line, answer.status, await answer.text() or "-")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
