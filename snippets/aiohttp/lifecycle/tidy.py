"""Show a server that closes everything when it stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web

from snippets.aiohttp.lifecycle.stopping import OPEN, close_all, listen


# --8<-- [start:serving]
@asynccontextmanager
async def serving(
    app: web.Application, *hosts: str
) -> AsyncIterator[list[int]]:
    """Yield a free port for each host, and clean up in the end."""
    # --8<-- [start:gap]
    runner = web.AppRunner(app)
    try:
        await runner.setup()
        for host in hosts:
            await web.TCPSite(runner, host, 0).start()
        yield [address[1] for address in runner.addresses]
    finally:
        await runner.cleanup()
    # --8<-- [end:gap]


# --8<-- [end:serving]
# --8<-- [start:context]
SESSION = web.AppKey("SESSION", ClientSession)


async def client_session(app: web.Application) -> AsyncIterator[None]:
    """Keep a client session open for as long as the server runs."""
    async with ClientSession() as session:
        app[SESSION] = session
        yield


# --8<-- [end:context]
# --8<-- [start:main]
async def main() -> None:
    app = web.Application()
    app[OPEN] = set()
    app.router.add_get("/", listen)
    app.cleanup_ctx.append(client_session)
    app.on_shutdown.append(close_all)
    async with ClientSession() as session:
        async with serving(app, "127.0.0.1") as (port,):
            ws = await session.ws_connect(f"http://127.0.0.1:{port}")
            receiving = asyncio.create_task(ws.receive())
            print("session closed:", app[SESSION].closed)
        await receiving
    print("close code:", ws.close_code)
    print("session closed:", app[SESSION].closed)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
