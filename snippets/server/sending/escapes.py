"""Show which sends raise through the function that catches."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.sending.caught import outcome


# --8<-- [start:visit]
async def visit(request: web.Request) -> web.WebSocketResponse:
    """Send wrongly in three ways."""
    ws = web.WebSocketResponse()
    print("not prepared:", await outcome(ws.send_str, "hello"))
    await ws.prepare(request)
    print("bytes as text:", await outcome(ws.send_str, b"hello"))
    print("not JSON:", await outcome(ws.send_json, {1, 2}))
    return ws


# --8<-- [end:visit]
async def main() -> None:
    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await client.ws_connect("/")


if __name__ == "__main__":
    asyncio.run(main())
