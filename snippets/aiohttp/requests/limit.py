"""Show when a body that is too large is refused."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def read(request: web.Request) -> web.Response:
    return web.Response(text=f"read {len(await request.read())}")


async def stream(request: web.Request) -> web.Response:
    """Read the stream itself."""
    size = len(await request.content.read())
    return web.Response(text=f"streamed {size}")


async def ignore(request: web.Request) -> web.Response:
    return web.Response(text="not looked")


def build_app(limit: int) -> web.Application:
    """Return an application that limits bodies to so many bytes."""
    app = web.Application(client_max_size=limit)
    for handler in (read, stream, ignore):
        app.router.add_post(f"/{handler.__name__}", handler)
    return app


# --8<-- [end:handlers]
async def main() -> None:
    async with TestClient(TestServer(build_app(10))) as client:
        # --8<-- [start:main]
        for path in ("/read", "/stream", "/ignore"):
            for size in (10, 11):
                response = await client.post(path, data=bytes(size))
                text = await response.text()
                print(f"{path:8}{size} {response.status} {text}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
