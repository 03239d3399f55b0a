"""Show which responses go out without the four headers."""

import asyncio
import logging

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving

PATHS = (
    *("/returned", "/none.js"),
    *("/raised", "/internal/none", "/broken", "/streamed"),
)


async def returned(request: web.Request) -> web.Response:
    """Return a 404."""
    return web.Response(status=404)


async def raised(request: web.Request) -> web.Response:
    """Raise a 404."""
    raise web.HTTPNotFound


async def broken(request: web.Request) -> web.Response:
    """Fail."""
    raise ValueError


async def streamed(request: web.Request) -> web.StreamResponse:
    """Send the headers before returning."""
    await (response := web.StreamResponse()).prepare(request)
    return response


def add_handlers(server: PromptServer) -> None:
    """Add a route for each, named after it."""
    for handler in (returned, raised, broken, streamed):
        server.routes.get(f"/{handler.__name__}")(handler)


# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    async with serving(
        "--enable-cors-header", prepare=add_handlers, worker=False
    ) as served:
        for path in PATHS:
            response = await served.client.get(path)
            headers = response.headers
            allowed = headers.get("Access-Control-Allow-Origin")
            print(response.status, path, allowed)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
