"""Show how large a body the server reads, by --max-upload-size."""

import asyncio
import logging

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:read]
async def read(request: web.Request) -> web.Response:
    """Read the body; respond with its length."""
    return web.Response(text=str(len(await request.read())))


def add_read(server: PromptServer) -> None:
    """Add a route for it."""
    server.routes.post("/read")(read)


CASES = (
    ("0.01", 10486),
    ("0.01", 10487),
    ("1e-9", 10487),
    ("0", 10487),
)


async def main() -> None:
    logging.disable()
    for megabytes, size in CASES:
        limit = "--max-upload-size", megabytes
        async with serving(
            *limit, prepare=add_read, worker=False
        ) as served:
            response = await served.client.post(
                "/read", data=bytes(size)
            )
            text = (await response.text()).split(".")[0]
        print(f"{megabytes:4}  {size}", response.status, text)


# --8<-- [end:read]
if __name__ == "__main__":
    asyncio.run(main())
