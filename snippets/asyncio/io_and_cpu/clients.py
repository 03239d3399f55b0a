"""Show two clients of a handler that awaits, or blocks."""

import asyncio
import time

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

SECONDS = 0.3


def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/awaiting", awaiting)
    app.router.add_get("/blocking", blocking)
    return app


# --8<-- [start:clients]
async def awaiting(request: web.Request) -> web.Response:
    print(" in", end="")
    await asyncio.sleep(SECONDS)
    print(" out", end="")
    return web.Response()


async def blocking(request: web.Request) -> web.Response:
    print(" in", end="")
    time.sleep(SECONDS)  # noqa: ASYNC251
    print(" out", end="")
    return web.Response()


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path in ("/awaiting", "/blocking"):
            print(f"two clients at {path}, {SECONDS} s each:", end="")
            await asyncio.gather(client.get(path), client.get(path))
            print()


# --8<-- [end:clients]
if __name__ == "__main__":
    asyncio.run(main())
