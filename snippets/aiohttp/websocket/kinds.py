"""Show which messages a handler gets, and which it never sees."""

import asyncio

from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:listen]
async def listen(request: web.Request) -> web.WebSocketResponse:
    """Print what is received, until the client closes."""
    autoping = request.path == "/auto"
    ws = web.WebSocketResponse(autoping=autoping)
    await ws.prepare(request)
    print(f"{autoping=}")
    async for message in ws:
        print(" ", message.type.name, len(message.data))
    print("  over,", ws.close_code)
    return ws


# --8<-- [end:listen]
# --8<-- [start:send]
async def send_all(ws: ClientWebSocketResponse) -> None:
    """Send text, bytes, JSON, a ping, and a close frame."""
    await ws.send_str("hi")
    await ws.send_bytes(b"\x01")
    await ws.send_json({"type": "hi"})
    await ws.ping(b"there?")
    await ws.close(code=4000)


# --8<-- [end:send]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/{any}", listen)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path in ("/auto", "/by-hand"):
            await send_all(await client.ws_connect(path))


if __name__ == "__main__":
    asyncio.run(main())
