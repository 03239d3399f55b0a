"""Show that a request's headers cannot be changed."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:change]
async def change(request: web.Request) -> web.Response:
    try:
        request.headers["X-Kind"] = "mine"  # type: ignore[index]
    except TypeError:
        print("request.headers: TypeError")
    return web.Response()


# --8<-- [end:change]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", change)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        await client.get("/")


if __name__ == "__main__":
    asyncio.run(main())
