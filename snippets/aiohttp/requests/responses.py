"""Show what a response says of itself."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def text(request: web.Request) -> web.Response:
    """Answer with a str."""
    return web.Response(text="喵", status=201)


async def data(request: web.Request) -> web.Response:
    """Answer with bytes, and say what they are."""
    return web.Response(body=b"\xff\xd8", content_type="image/jpeg")


async def unnamed(request: web.Request) -> web.Response:
    """Answer with bytes, and leave the browser to guess."""
    return web.Response(body=b"\xff\xd8")


async def encoded(request: web.Request) -> web.Response:
    """Answer with what json can encode."""
    return web.json_response({"cat": "喵"})


# --8<-- [end:handlers]
def build_app() -> web.Application:
    """Return an application with all of them."""
    app = web.Application()
    for handler in (text, data, unnamed, encoded):
        app.router.add_get(f"/{handler.__name__}", handler)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path in ("/text", "/data", "/unnamed", "/encoded"):
            answer = await client.get(path)
            kind = answer.headers["Content-Type"]
            print(path, answer.status, kind, await answer.read())


if __name__ == "__main__":
    asyncio.run(main())
