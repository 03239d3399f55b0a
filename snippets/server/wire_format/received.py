"""Show what a client makes of a text and of a binary message."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from struct import pack, unpack

from aiohttp import ClientWebSocketResponse, WSMessage, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image


@asynccontextmanager
async def connected() -> AsyncIterator[
    tuple[web.WebSocketResponse, ClientWebSocketResponse]
]:
    """Yield the two ends of a WebSocket, the server's first."""
    ends: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()

    async def handler(request: web.Request) -> web.WebSocketResponse:
        await (ws := web.WebSocketResponse()).prepare(request)
        ends.put_nowait(ws)
        await ws.receive()
        return ws

    (app := web.Application()).router.add_get("/", handler)
    async with TestClient(TestServer(app)) as client:
        ws = await client.ws_connect("/")
        yield await ends.get(), ws


# --8<-- [start:decode]
def decode(message: WSMessage) -> str:
    """Say what came: text is JSON, anything binary a preview."""
    if message.type is WSMsgType.TEXT:
        event = json.loads(message.data)
        return f"{event['type']}: {event['data']}"
    number, kind = unpack(">II", message.data[:8])
    with Image.open(BytesIO(message.data[8:])) as picture:
        what = f"{picture.format} {picture.width}x{picture.height}"
    return f"event {number}, type {kind}: {what}"


# --8<-- [end:decode]
async def main() -> None:
    Image.new("RGB", (8, 6)).save(file := BytesIO(), "PNG")
    # --8<-- [start:by-hand]
    async with connected() as (server, client):
        await server.send_str('{"type": "progress", "data": 1}')
        await server.send_bytes(pack(">II", 1, 2) + file.getvalue())
        for _ in range(2):
            print(decode(await client.receive()))
    # --8<-- [end:by-hand]


if __name__ == "__main__":
    asyncio.run(main())
