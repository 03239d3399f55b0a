"""Show what a timeout leaves behind on a socket that is full."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

OPEN = web.AppKey("OPEN", asyncio.Queue[web.WebSocketResponse])


async def listen(request: web.Request) -> web.WebSocketResponse:
    """Hand the socket out and wait for the end."""
    await (ws := web.WebSocketResponse()).prepare(request)
    request.app[OPEN].put_nowait(ws)
    await ws.receive()
    return ws


# --8<-- [start:flood]
async def flood(ws: web.WebSocketResponse) -> None:
    """Send and send, but wait for no more than half a second."""
    async with asyncio.timeout(0.5):
        while True:
            await ws.send_bytes(bytes(2**20))


# --8<-- [end:flood]
def build_app() -> web.Application:
    """Return an application that hands out its sockets."""
    app = web.Application()
    app[OPEN] = asyncio.Queue()
    app.router.add_get("/", listen)
    return app


async def main() -> None:
    async with TestClient(TestServer(app := build_app())) as client:
        await client.ws_connect("/")  # and never reads
        ws = await app[OPEN].get()
        # --8<-- [start:attempts]
        for attempt in (1, 2, 3):
            try:
                await flood(ws)
            except (TimeoutError, asyncio.CancelledError) as error:
                print(attempt, type(error).__name__)
        # --8<-- [end:attempts]


if __name__ == "__main__":
    asyncio.run(main())
