"""Show what stopping a server waits for."""

import asyncio

from aiohttp import ClientSession, web

TIMEOUT = 1
OPEN = web.AppKey("OPEN", set[web.WebSocketResponse])


# --8<-- [start:listen]
async def listen(request: web.Request) -> web.WebSocketResponse:
    """Keep the WebSocket in OPEN while it waits for a message."""
    await (ws := web.WebSocketResponse()).prepare(request)
    request.app[OPEN].add(ws)
    try:
        await ws.receive()
    finally:
        request.app[OPEN].discard(ws)
    return ws


async def close_all(app: web.Application) -> None:
    """Close all WebSockets at once, with 1001, going away."""
    await asyncio.gather(
        # drain=False: do not wait for room in the buffer.
        *(ws.close(code=1001, drain=False) for ws in app[OPEN])
    )


# --8<-- [end:listen]
# --8<-- [start:stop_sockets]
async def stop_sockets(close_first: bool) -> str:
    """Stop with a WebSocket open; return how long that took."""
    app = web.Application()
    app[OPEN] = set()
    app.router.add_get("/", listen)
    if close_first:
        app.on_shutdown.append(close_all)
    runner = web.AppRunner(app, shutdown_timeout=TIMEOUT)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with ClientSession() as session:
        ws = await session.ws_connect(f"http://{host}:{port}")
        loop = asyncio.get_running_loop()
        start = loop.time()
        await asyncio.gather(runner.cleanup(), ws.receive())
        waited = round((loop.time() - start) / TIMEOUT)
        return f"{waited} timeouts, close code {ws.close_code}"


# --8<-- [end:stop_sockets]
async def main() -> None:
    # --8<-- [start:main]
    for close_first in (False, True):
        print(f"{close_first=}: {await stop_sockets(close_first)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
