"""Show which of two gathered coroutines keeps a server alive."""

import asyncio
import json

from aiohttp import ClientSession, web

# --8<-- [start:run]
Ready = asyncio.Future[web.AppRunner]
Messages = asyncio.Queue[object]


async def start(ready: Ready) -> None:
    """Start a server, hand it over, and return."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ready.set_result(runner)
    print("start: done")


async def publish(messages: Messages) -> None:
    """Print messages as JSON for ever; raise if one is not JSON."""
    while True:
        print("publish:", json.dumps(await messages.get()))


async def run(ready: Ready, messages: Messages) -> None:
    """Do both, and end when one fails."""
    await asyncio.gather(start(ready), publish(messages))


# --8<-- [end:run]
# --8<-- [start:main]
async def main() -> None:
    ready: Ready = asyncio.get_running_loop().create_future()
    messages: Messages = asyncio.Queue()
    running = asyncio.create_task(run(ready, messages))
    runner = await ready
    host, port = runner.addresses[0]
    async with (
        ClientSession() as session,
        session.get(f"http://{host}:{port}") as response,
    ):
        print("run: done" if running.done() else "run: still waits")
        print("server:", response.status)
    for message in ("hello", {1, 2}):
        messages.put_nowait(message)
    await asyncio.wait([running])
    print("run:", type(running.exception()).__name__)
    await runner.cleanup()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
