"""Show how to start a server inside a running loop."""

import asyncio

from aiohttp import ClientSession, web

HOST = "127.0.0.1"


# --8<-- [start:inside]
async def main() -> None:
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
    # To serve on: await asyncio.Event().wait()
    await runner.cleanup()


# --8<-- [end:inside]
if __name__ == "__main__":
    asyncio.run(main())
