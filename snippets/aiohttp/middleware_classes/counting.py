"""Show a class that counts, each instance on its own."""

import asyncio
from collections import Counter

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:count]
@web.middleware
class StatusCount:
    """Count responses by status, raised ones included."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()

    async def __call__(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        # --8<-- [start:gap]
        try:
            response = await handler(request)
        except web.HTTPException as error:
            self.seen[error.status] += 1
            raise
        self.seen[response.status] += 1
        return response
        # --8<-- [end:gap]


# --8<-- [end:count]
async def hello(request: web.Request) -> web.Response:
    return web.Response()


async def count(*paths: str) -> dict[int, int]:
    """Request the paths from a new server; return the counts."""
    counter = StatusCount()
    app = web.Application(middlewares=[counter])
    app.router.add_get("/", hello)
    async with TestClient(TestServer(app)) as client:
        for path in paths:
            await client.get(path)
    return dict(counter.seen)


async def main() -> None:
    # --8<-- [start:main]
    for paths in (("/", "/none", "/"), ("/none",)):
        print(f"{' '.join(paths)}: {await count(*paths)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
