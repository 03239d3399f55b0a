"""Show a server that still runs the code it started with."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.git.describe.repositories import commit
from snippets.git.describe.strategies import build
from snippets.server.version.sources import read_version

VERSION = web.AppKey("VERSION", str)


# --8<-- [start:app]
async def stats(request: web.Request) -> web.Response:
    """Report the version that the application started with."""
    return web.json_response({"version": request.app[VERSION]})


def build_app(folder: Path) -> web.Application:
    """Return an application that reads its version once."""
    app = web.Application()
    app[VERSION] = read_version(folder)
    app.router.add_get("/system_stats", stats)
    return app


# --8<-- [end:app]
# --8<-- [start:main]
async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repo = build(folder)
        async with TestClient(TestServer(build_app(folder))) as client:
            commit(repo, "an update, while the server runs")
            response = await client.get("/system_stats")
            print("the server:  ", (await response.json())["version"])
            print("its checkout:", read_version(folder))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
