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
async def main() -> None:
    async with serving(publish=False) as (server, client, *_):
        clients = [await client.ws_connect("/ws")]
        await clients[0].receive()  # the greeting
        for company in ("alone", "with one that does not read"):
            task = asyncio.create_task(broadcast(server, clients[0]))
            done, _ = await asyncio.wait([task], timeout=3)
            result = f"{task.result()} messages" if done else "waiting"
            print(f"{company}: {result}")
            # the second client: it never reads
            clients.append(await client.ws_connect("/ws"))
        task.cancel()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
