"""Show an event stream that ends when the server stops."""

import asyncio

from aiohttp import ClientSession, web

TIMEOUT = 1
STOPPING = web.AppKey("STOPPING", asyncio.Event)


# --8<-- [start:events]
async def events(request: web.Request) -> web.StreamResponse:
    """Send an event, then wait for a second or for the end."""
    response = web.StreamResponse()
    response.content_type = "text/event-stream"
    await response.prepare(request)
    stopping = request.app[STOPPING]
    while not stopping.is_set():
        await response.write(b"data: tick\n\n")
        try:
            async with asyncio.timeout(1):
                await stopping.wait()
        except TimeoutError:
            pass
    return response


async def announce(app: web.Application) -> None:
    """Tell every stream that the server stops."""
    app[STOPPING].set()


# --8<-- [end:events]
# --8<-- [start:stop_streams]
async def stop_streams(tell: bool, limit: float = TIMEOUT) -> str:
    """Stop with a stream open; return how long it took."""
    app = web.Application()
    app[STOPPING] = asyncio.Event()
    app.router.add_get("/", events)
    if tell:
        app.on_shutdown.append(announce)
    runner = web.AppRunner(app, shutdown_timeout=limit)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with (
        ClientSession() as session,
        session.get(f"http://{host}:{port}") as response,
    ):
        await response.content.readline()
        loop = asyncio.get_running_loop()
        start = loop.time()
        await runner.cleanup()
        waited = round((loop.time() - start) / limit)
        return f"{waited} timeouts"


# --8<-- [end:stop_streams]
async def main() -> None:
    # --8<-- [start:main]
    for tell in (False, True):
        print(f"{tell=}: {await stop_streams(tell)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
