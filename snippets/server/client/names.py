"""Show what a client receives, by the name in its prompt."""

import asyncio
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from snippets.recreation.serving import example_prompt, serving


# --8<-- [start:names]
async def hear(session: ClientSession, **name: Any) -> list[str]:
    """Connect as me, queue under a name; return what comes to me."""
    async with session.ws_connect("/ws?clientId=me") as ws:
        await ws.receive()  # the first status
        body = {"prompt": example_prompt(), **name}
        await session.post("/prompt", json=body)
        return sorted(await receive_until_empty(ws))


async def receive_until_empty(ws: ClientWebSocketResponse) -> set[str]:
    """Return the kinds of message until no prompt is left."""
    kinds, left = set(), 1
    while left:
        message = await ws.receive()
        if message.type is WSMsgType.BINARY:
            kinds.add("preview")
            continue
        event = message.json()
        kinds.add(event["type"])
        if event["type"] == "status":
            info = event["data"]["status"]["exec_info"]
            left = info["queue_remaining"]
    return kinds


# --8<-- [end:names]
# --8<-- [start:main]
NAMES = {"client_id": "me"}, {"clientId": "me"}, {"client_id": "you"}


async def main() -> None:
    for name in NAMES:
        async with serving() as (_, session, *_):
            print(name, "->", *await hear(session, **name))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
