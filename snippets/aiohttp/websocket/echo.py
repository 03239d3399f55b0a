"""Show a whole WebSocket: a handler that answers, and its client."""

import asyncio

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer


async def echo(request: web.Request) -> web.WebSocketResponse:
    """Answer each text, until the client leaves."""
    ws = web.WebSocketResponse(heartbeat=30)
    await ws.prepare(request)
    async for message in ws:
        if message.type is WSMsgType.TEXT:
            await ws.send_str(f"{message.data} back")
    return ws


async def main() -> None:
    app = web.Application()
    app.router.add_get("/ws", echo)
    async with TestClient(TestServer(app)) as client:
        ws = await client.ws_connect("/ws")
        await ws.send_str("there and")
        print(await ws.receive_str())
        await ws.close()


if __name__ == "__main__":
    asyncio.run(main())
