"""Show a thread that sends by itself: it works until it waits."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

from snippets.recreation.serving import serving


# --8<-- [start:by_itself]
def by_itself(message: Coroutine[None, None, None]) -> str:
    """Send in an event loop of the thread's own; say how it went."""
    try:
        asyncio.run(message)
    except RuntimeError as error:
        return type(error).__name__
    return "sent"


# --8<-- [end:by_itself]
async def main() -> None:
    async with serving() as (server, client, *_):
        # --8<-- [start:direct]
        ws = await client.ws_connect("/ws", max_msg_size=0)
        await ws.receive()  # the greeting
        with ThreadPoolExecutor() as threads:
            for size in (2**10, 2**24):
                message = server.send("news", "x" * size)
                outcome = threads.submit(by_itself, message)
                print(f"{size:8} characters: {outcome.result()}")
        for _ in range(2):
            print("arrived:", len((await ws.receive_json())["data"]))
        # --8<-- [end:direct]


if __name__ == "__main__":
    asyncio.run(main())
