"""Show which bodies break a POST that used to ignore its body."""

import asyncio
import json
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation.serving import serving


# --8<-- [start:interrupt]
async def later(request: web.Request) -> web.Response:
    """Interrupt one prompt, if the body names one.

    Source: ComfyUI 2f35f4a0, server.py, lines 1160–1190
    """
    try:
        wish = await request.json()
    except json.JSONDecodeError:
        wish = {}
    return web.Response(text=wish.get("prompt_id") or "all")


# --8<-- [end:interrupt]
BODIES = b"", b"{}", b'{"prompt_id": "one"}', b"oops", b"[]", b"\xff"


def build_app() -> web.Application:
    """Build an application with the later handler."""
    app = web.Application()
    app.router.add_post("/interrupt", later)
    return app


async def main() -> None:
    logging.disable()
    # --8<-- [start:main]
    newer = TestClient(TestServer(build_app()))
    async with serving() as served, newer as client:
        for body in BODIES:
            old = await served.client.post("/interrupt", data=body)
            new = await client.post("/interrupt", data=body)
            print(f"{body!s:25}{old.status}  {new.status}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
