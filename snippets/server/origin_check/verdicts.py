"""Show what the check makes of pairs of Host and Origin."""

import asyncio
import logging
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Middleware

from snippets.server.origin_check.part import (
    create_origin_only_middleware,
)

# --8<-- [start:pairs]
PAIRS = (
    ("127.0.0.1:8188", "http://127.0.0.1:8188"),
    ("127.0.0.1:8188", "http://localhost:8188"),
    ("127.0.0.1:8188", "http://127.0.0.1:3000"),
    ("127.0.0.1", "http://127.0.0.1:3000"),
    ("127.0.0.1:8188", "http://127.0.0.1"),
    ("[::1]:8188", "http://[::1]"),
    ("192.168.0.5:8188", "https://evil.example"),
    ("0.0.0.0:8188", "https://evil.example"),
    ("127.0.0.1:8188", "null"),
    ("127.0.0.1:abc", "http://127.0.0.1"),
)


# --8<-- [end:pairs]
async def hello(request: web.Request) -> web.Response:
    """Answer 200."""
    return web.Response()


async def verdicts(check: Middleware) -> AsyncIterator[int]:
    """Yield the status that each pair gets."""
    app = web.Application(middlewares=[check])
    app.router.add_get("/", hello)
    async with TestClient(TestServer(app)) as client:
        for host, origin in PAIRS:
            headers = {"Host": host, "Origin": origin}
            yield (await client.get("/", headers=headers)).status


async def show(check: Middleware) -> None:
    """Print each pair behind its status."""
    logging.disable()
    statuses = [status async for status in verdicts(check)]
    for status, (host, origin) in zip(statuses, PAIRS, strict=True):
        print(f"{status} {host:17}{origin}")


async def main() -> None:
    await show(create_origin_only_middleware())


if __name__ == "__main__":
    asyncio.run(main())
