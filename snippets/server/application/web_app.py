"""Show how large a body the server reads, by --max-upload-size."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.settings import Settings, scratch
from snippets.server.cache_control.ask_again import ask_again
from snippets.server.cors.part import create_cors_middleware
from snippets.server.origin_check.part import (
    create_origin_only_middleware,
)


# --8<-- [start:build]
def build_app(settings: Settings) -> web.Application:
    """Return an application without routes.

    Args:
        settings: `max_upload_size` is in MB of 2**20 bytes; what
            rounds to 0 bytes is no limit at all.

    Source: ComfyUI v0.3.10, server.py 164–171.
    """
    if settings.cors_origin:
        guard = create_cors_middleware(settings.cors_origin)
    else:
        guard = create_origin_only_middleware()
    return web.Application(
        client_max_size=round(settings.max_upload_size * 2**20),
        middlewares=[ask_again, guard],
    )


# --8<-- [end:build]
async def accepts(megabytes: float, size: int) -> int:
    """Return the status for a body of so many bytes."""

    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    app = build_app(scratch(max_upload_size=megabytes))
    app.router.add_post("/", read)
    async with TestClient(TestServer(app)) as client:
        return (await client.post("/", data=bytes(size))).status


async def main() -> None:
    logging.disable()
    for size in (10485, 10486, 10487):
        print(f"0.01  {size:6}", await accepts(0.01, size))
    print(f"1e-9  {10487:6}", await accepts(1e-9, 10487))


if __name__ == "__main__":
    asyncio.run(main())
