"""Show a server that is closed when the other task fails."""

import asyncio
from typing import Any

from aiohttp import ClientError, ClientSession, web

from snippets.asyncio.tasks.gather_server import (
    Messages,
    Ready,
    publish,
)


# --8<-- [start:run]
async def serve(ready: Ready) -> None:
    """Serve until cancelled, then close every connection."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ready.set_result(runner)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def run(ready: Ready, messages: Messages) -> None:
    """Serve and publish; whichever fails first stops the other.

    Args:
        ready: Gets the runner as its result, once the server listens.
        messages: What to publish.

    Raises:
        ExceptionGroup: One of the two failed; both have ended.

    Source: Python docs, Coroutines and Tasks, Task Groups
    """
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(ready))
        group.create_task(publish(messages))


# --8<-- [end:run]
# --8<-- [start:ask]
async def ask(url: str) -> None:
    """Print the status, or that nothing listens."""
    try:
        async with (
            ClientSession() as session,
            session.get(url) as response,
        ):
            print("server:", response.status)
    except ClientError:
        print("server: gone")


# --8<-- [end:ask]
# --8<-- [start:main]
async def main() -> None:
    ready: Ready = asyncio.get_running_loop().create_future()
    messages: Messages = asyncio.Queue()
    running = asyncio.create_task(run(ready, messages))
    both: list[asyncio.Future[Any]] = [ready, running]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running  # raises: it failed before it was ready
    host, port = ready.result().addresses[0]
    await ask(f"http://{host}:{port}")
    messages.put_nowait({1, 2})
    print(*await asyncio.gather(running, return_exceptions=True))
    await ask(f"http://{host}:{port}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
