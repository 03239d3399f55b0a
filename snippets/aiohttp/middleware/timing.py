"""Show a middleware that times every request, also one that fails."""

import asyncio
import time

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

SECONDS = web.AppKey("SECONDS", dict[str, float])


# --8<-- [start:timing]
@web.middleware
async def timing(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Store the seconds each path took, also if it failed."""
    # --8<-- [start:gap]
    start = time.perf_counter()
    try:
        return await handler(request)
    finally:
        seconds = time.perf_counter() - start
        request.app[SECONDS][request.path] = seconds
    # --8<-- [end:gap]


# --8<-- [end:timing]
async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(0.2)
    return web.Response()


def build_app() -> web.Application:
    app = web.Application(middlewares=[timing])
    app[SECONDS] = {}
    app.router.add_get("/slow", slow)
    return app


async def main() -> None:
    app = build_app()
    # --8<-- [start:main]
    async with TestClient(TestServer(app)) as client:
        for path in ("/slow", "/none"):
            print(path, (await client.get(path)).status)
    seconds = app[SECONDS]
    print("timed:", *seconds)
    print("slowest:", max(seconds, key=seconds.__getitem__))
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
