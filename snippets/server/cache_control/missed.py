"""Show which scripts go past the middleware, and which do not."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving

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
def add_handlers(server: PromptServer) -> None:
    """Add two scripts that are no files."""
    for handler in (raised, stream):
        server.routes.get(f"/{handler.__name__}.js")(handler)


# --8<-- [start:show]
async def show(folder: Path) -> None:
    """Print each response's status and rule."""
    files = "--front-end-root", str(folder)
    async with serving(
        *files, prepare=add_handlers, worker=False
    ) as served:
        for line in REQUESTS:
            method, name = line.split()
            response = await served.client.request(method, f"/{name}")
            rule = response.headers.get("Cache-Control", "-")
            print(f"{line:17}{response.status}  {rule}")


# --8<-- [end:show]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "module.mjs").touch()
        asyncio.run(show(Path(name)))


if __name__ == "__main__":
    main()
