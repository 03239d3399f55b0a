"""Show how a client that does not read holds up all the others."""

import asyncio

from aiohttp import ClientWebSocketResponse

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:broadcast]
async def broadcast(
    server: PromptServer, reader: ClientWebSocketResponse
) -> int:
    """Send to all 32 times; return how many messages one received."""
    received = 0
    for _ in range(32):
        await server.send_bytes(1, bytes(2**20))
        await reader.receive_bytes()
        received += 1
    return received


# --8<-- [end:broadcast]
# --8<-- [start:main]
async def run(
    server: PromptServer, reader: ClientWebSocketResponse
) -> str:
    """Broadcast for three seconds at most; return the result."""
    task = asyncio.create_task(broadcast(server, reader))
    done, _ = await asyncio.wait([task], timeout=3)
    task.cancel()
    return f"{task.result()} messages" if done else "waiting"


async def main() -> None:
    async with serving(publish=False) as (server, client, *_):
        reader = await client.ws_connect("/ws")
        await reader.receive()  # the greeting
        print("alone:", await run(server, reader))
        _silent = await client.ws_connect("/ws")  # it never reads
        result = await run(server, reader)
        print("with one that does not read:", result)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
