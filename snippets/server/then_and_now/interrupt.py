"""Show which bodies break a POST that used to ignore its body."""

import asyncio
import json
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:interrupt]
async def then(request: web.Request) -> web.Response:
    """Interrupt whatever runs, as v0.3.10 does."""
    return web.Response(text="all")


async def today(request: web.Request) -> web.Response:
    """Interrupt one prompt, if the body names one.

    Source: ComfyUI 618b803d, server.py, lines 921–951
    """
    try:
        wish = await request.json()
    except json.JSONDecodeError:
        wish = {}
    return web.Response(text=wish.get("prompt_id") or "all")


# --8<-- [end:interrupt]
BODIES = b"", b"{}", b'{"prompt_id": "one"}', b"oops", b"[]", b"\xff"


def build_app() -> web.Application:
    """Build an application with both handlers."""
    app = web.Application()
    app.router.add_post("/then", then)
    app.router.add_post("/today", today)
    return app


async def main() -> None:
    logging.disable()
    async with TestClient(TestServer(build_app())) as client:
        for body in BODIES:
            old = await client.post("/then", data=body)
            new = await client.post("/today", data=body)
            print(f"{body!s:25}{old.status}  {new.status}")


if __name__ == "__main__":
    asyncio.run(main())
