"""Show which scripts go past the middleware, and which do not."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.cache_control.ask_again import ask_again

REQUESTS = (
    "GET missing.js",
    "POST missing.js",
    "GET raised.js",
    "GET stream.js",
    "GET module.mjs",
)


# --8<-- [start:handlers]
async def raised(request: web.Request) -> web.Response:
    """Raise a 404, as a handler does that finds nothing."""
    raise web.HTTPNotFound


async def stream(request: web.Request) -> web.StreamResponse:
    """Send the headers at once."""
    await (response := web.StreamResponse()).prepare(request)
    return response


# --8<-- [end:handlers]
def build_app(folder: Path) -> web.Application:
    """Return an application with static files at its root."""
    app = web.Application(middlewares=[ask_again])
    for handler in (raised, stream):
        app.router.add_get(f"/{handler.__name__}.js", handler)
    app.router.add_static("/", folder)
    return app


async def show(folder: Path) -> None:
    """Print each answer's status and rule."""
    async with TestClient(TestServer(build_app(folder))) as client:
        for line in REQUESTS:
            method, name = line.split()
            answer = await client.request(method, f"/{name}")
            rule = answer.headers.get("Cache-Control", "-")
            print(f"{line:17}{answer.status}  {rule}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "module.mjs").touch()
        asyncio.run(show(Path(name)))


if __name__ == "__main__":
    main()
