"""Show how a client that does not read holds up all the others."""

import asyncio

from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

Sockets = list[web.WebSocketResponse]
SOCKETS = web.AppKey("SOCKETS", Sockets)


async def join(request: web.Request) -> web.WebSocketResponse:
    """Keep the socket in the list until its client leaves."""
    await (ws := web.WebSocketResponse()).prepare(request)
    request.app[SOCKETS].append(ws)
    await ws.receive()
    return ws


# --8<-- [start:broadcast]
async def broadcast(sockets: Sockets, message: bytes) -> None:
    """Send to one after the other."""
    for ws in sockets:
        await ws.send_bytes(message)


# --8<-- [end:broadcast]
# --8<-- [start:talk]
async def talk(
    sockets: Sockets, reader: ClientWebSocketResponse
) -> int:
    """Broadcast 32 times; return how many bytes came to one."""
    size = 0
    for _ in range(32):
        await broadcast(sockets, bytes(2**20))
        size += len(await reader.receive_bytes())
    return size


# --8<-- [end:talk]
def build_app() -> web.Application:
    """Return an application that collects sockets."""
    app = web.Application()
    app[SOCKETS] = []
    app.router.add_get("/", join)
    return app


async def main() -> None:
    async with TestClient(TestServer(app := build_app())) as client:
        reader = await client.ws_connect("/")
        for company in ("alone", "with one that does not read"):
            task = asyncio.create_task(talk(app[SOCKETS], reader))
            done, _ = await asyncio.wait([task], timeout=1)
            result = [f"{task.result()} bytes" for task in done]
            print(f"{company}:", *result or ["waiting"])
            await client.ws_connect("/")  # and never reads
        task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
