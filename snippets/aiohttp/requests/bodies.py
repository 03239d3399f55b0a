"""Show which ways of reading a body leave it to be read again."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def kept(request: web.Request) -> web.Response:
    """Read the body three times; aiohttp keeps it."""
    first, second = await request.read(), await request.text()
    return web.json_response(
        [first.decode(), second, await request.json()]
    )


async def drained(request: web.Request) -> web.Response:
    """Read the stream itself, of which aiohttp keeps no copy."""
    first = await request.content.read()
    return web.json_response([first.decode(), await request.text()])


# --8<-- [end:handlers]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_post("/kept", kept)
    app.router.add_post("/drained", drained)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in ("/kept", "/drained"):
            response = await client.post(path, data="[7]")
            print(f"{path:9}", *map(repr, await response.json()))
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
