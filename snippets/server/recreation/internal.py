"""Show the routes that ComfyUI keeps to itself."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.introspection.places import KINDS


# --8<-- [start:internal]
async def get_logs(request: web.Request) -> web.Response:
    """Return the log as one text; this server keeps none."""
    return web.json_response("")


async def get_raw_logs(request: web.Request) -> web.Response:
    """Return the log line by line, and the terminal's size."""
    size = {"cols": 80, "rows": 24}
    return web.json_response({"entries": [], "size": size})


async def subscribe(request: web.Request) -> web.Response:
    """Take a wish to hear the log; without both names, a 500."""
    wish = await request.json()
    _ = wish["clientId"], wish["enabled"]
    return web.Response()


async def get_folder_paths(request: web.Request) -> web.Response:
    """List the kinds of models; where they lie is not told here."""
    return web.json_response({kind: [] for kind in KINDS})


async def list_files(request: web.Request) -> web.Response:
    """Refuse, as the real one does where it knows no folder."""
    error = {"error": "Invalid directory key"}
    return web.json_response(error, status=400)


def build_internal() -> web.Application:
    """Return an application of its own for them, below /internal."""
    app = web.Application()
    app.router.add_get("/logs", get_logs)
    app.router.add_get("/logs/raw", get_raw_logs)
    app.router.add_patch("/logs/subscribe", subscribe)
    app.router.add_get("/folder_paths", get_folder_paths)
    app.router.add_get("/files", list_files)
    return app


# --8<-- [end:internal]
async def main() -> None:
    async with TestClient(TestServer(build_internal())) as client:
        for path in ("/logs", "/logs/raw", "/files"):
            print(path, await (await client.get(path)).text())


if __name__ == "__main__":
    asyncio.run(main())
