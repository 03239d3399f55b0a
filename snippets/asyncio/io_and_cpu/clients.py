"""Show two clients of one handler that waits well, or badly."""

import asyncio
import time

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

SECONDS = 0.3


# --8<-- [start:handlers]
async def polite(request: web.Request) -> web.Response:
    """Wait, and let go of the loop meanwhile."""
    print(" in", end="")
    await asyncio.sleep(SECONDS)
    print(" out", end="")
    return web.Response()


async def rude(request: web.Request) -> web.Response:
    """Wait, and hold on to the loop."""
    print(" in", end="")
    time.sleep(SECONDS)  # noqa: ASYNC251
    print(" out", end="")
    return web.Response()


# --8<-- [end:handlers]
def build_app() -> web.Application:
    """Return an application with both handlers."""
    app = web.Application()
    app.router.add_get("/polite", polite)
    app.router.add_get("/rude", rude)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path in ("/polite", "/rude"):
            print(f"two clients at {path}, {SECONDS} s each:", end="")
            await asyncio.gather(client.get(path), client.get(path))
            print()


if __name__ == "__main__":
    asyncio.run(main())
