"""Show whether a server notices that its client no longer replies."""

import asyncio
from contextlib import suppress

from aiohttp import ClientSession, ClientWebSocketResponse, web


# --8<-- [start:listen]
async def listen(request: web.Request) -> web.WebSocketResponse:
    """Receive to the end, with or without a heartbeat."""
    heartbeat = 0.2 if request.path == "/beat" else None
    ws = web.WebSocketResponse(heartbeat=heartbeat)
    await ws.prepare(request)
    async for message in ws:
        print(f"  server: {message.data}, {ws.close_code}")
    return ws


async def ignore_pings(ws: ClientWebSocketResponse) -> None:
    """Receive for a second, and reply to nothing."""
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            async for message in ws:
                print("  client:", message.type.name)


# --8<-- [end:listen]
async def main() -> None:
    app = web.Application()
    app.router.add_get("/{any:.*}", listen)
    runner = web.AppRunner(app)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    async with ClientSession(site.name) as session:
        # --8<-- [start:main]
        for path in ("/", "/beat"):
            ws = await session.ws_connect(path, autoping=False)
            print(path)
            await ignore_pings(ws)
            print("  closed:", ws.closed)
        # --8<-- [end:main]
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
