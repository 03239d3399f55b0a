"""Show two ways to start a server inside a running loop."""

import asyncio

from aiohttp import ClientSession, web

HOST = "127.0.0.1"


# --8<-- [start:wrong]
async def wrong(spare: asyncio.AbstractEventLoop) -> None:
    """Try to let run_app start a second loop in this thread."""
    try:
        web.run_app(web.Application(), loop=spare)
    except (RuntimeError, ValueError):  # the latter since 3.14
        print("run_app: refused")


# --8<-- [end:wrong]
# --8<-- [start:right]
async def right() -> None:
    """Start a server in this loop, send a request, stop it."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    host, port = runner.addresses[0]
    async with (
        ClientSession() as session,
        session.get(f"http://{host}:{port}") as response,
    ):
        print(f"AppRunner: {response.status} from {host}")
    await runner.cleanup()


# --8<-- [end:right]
# --8<-- [start:main]
def main() -> None:
    with asyncio.Runner() as spare:  # cleans up after run_app
        asyncio.run(wrong(spare.get_loop()))
    asyncio.run(right())


# --8<-- [end:main]
if __name__ == "__main__":
    main()
