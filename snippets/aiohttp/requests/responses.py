"""Show the status and Content-Type of four responses."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def text(request: web.Request) -> web.Response:
    return web.Response(text="喵", status=201)


async def data(request: web.Request) -> web.Response:
    return web.Response(body=b"\xff\xd8", content_type="image/jpeg")


async def unnamed(request: web.Request) -> web.Response:
    return web.Response(body=b"\xff\xd8")


async def encoded(request: web.Request) -> web.Response:
    return web.json_response({"cat": "喵"})


# --8<-- [end:handlers]
def build_app() -> web.Application:
    app = web.Application()
    for handler in (text, data, unnamed, encoded):
        app.router.add_get(f"/{handler.__name__}", handler)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in ("/text", "/data", "/unnamed", "/encoded"):
            response = await client.get(path)
            kind = response.headers["Content-Type"]
            print(path, response.status, kind, await response.read())
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
