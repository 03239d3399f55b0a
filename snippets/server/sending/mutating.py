"""Show a dict of sockets that grows while it is looped over."""

import asyncio
from collections.abc import Iterable

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

Sockets = dict[str, web.WebSocketResponse]
SOCKETS = web.AppKey("SOCKETS", Sockets)


# --8<-- [start:join]
async def join(request: web.Request) -> web.WebSocketResponse:
    """Keep the socket in the dict until its client leaves."""
    await (ws := web.WebSocketResponse()).prepare(request)
    request.app[SOCKETS][request.path] = ws
    try:
        await ws.receive()
    finally:
        del request.app[SOCKETS][request.path]
    return ws


# --8<-- [end:join]
# --8<-- [start:broadcast]
async def broadcast(sockets: Iterable[web.WebSocketResponse]) -> None:
    """Send each of them more than fits unread."""
    for ws in sockets:
        for _ in range(32):
            await ws.send_bytes(bytes(2**20))


# --8<-- [end:broadcast]
async def grow(copied: bool) -> int:
    """Let a second client join while the first is not reading."""
    app = web.Application()
    sockets = app[SOCKETS] = {}
    app.router.add_get("/{name}", join)
    async with TestClient(TestServer(app)) as client:
        first = await client.ws_connect("/first")
        view = sockets.values()
        targets = list(view) if copied else view
        sending = asyncio.create_task(broadcast(targets))
        await client.ws_connect("/second")
        size = 0
        for _ in range(32):
            size += len(await first.receive_bytes())
        await sending
        return size


# --8<-- [start:main]
async def main() -> None:
    for copied in (False, True):
        try:
            print(f"{copied=}: {await grow(copied)} bytes")
        except RuntimeError:
            print(f"{copied=}: RuntimeError")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
