"""Show which of two clients under one name receives messages."""

import asyncio
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:heard]
async def heard(ws: ClientWebSocketResponse) -> list[Any]:
    """Return what has come, up to the answer to a ping.

    Args:
        ws: a client's connection, opened with `autoping=False`.
    """
    await ws.ping()
    messages = []
    while (message := await ws.receive()).type != WSMsgType.PONG:
        messages.append(message.json())
    return messages


async def receivers(
    server: PromptServer, **clients: ClientWebSocketResponse
) -> str:
    """Send to all, and return the clients that it reaches."""
    await server.send("news", "to all")
    got = [label for label, ws in clients.items() if await heard(ws)]
    return ", ".join(got) or "nobody"


# --8<-- [end:heard]
# --8<-- [start:visit]
async def main() -> None:
    async with serving() as (server, client, *_):
        url = "/ws?clientId=me"
        first = await client.ws_connect(url, autoping=False)
        await first.receive_json()  # the greeting
        print("one came:", await receivers(server, first=first))
        second = await client.ws_connect(url, autoping=False)
        await second.receive_json()
        both = {"first": first, "second": second}
        print("another came:", await receivers(server, **both))
        await first.close()
        print("first left:", await receivers(server, second=second))
        print("second is closed:", second.closed)


# --8<-- [end:visit]
if __name__ == "__main__":
    asyncio.run(main())
