"""Show a stranger who reads a name in /queue, and comes under it."""

import asyncio
import time
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType
from PIL import Image

from snippets.server.hazards.whole import running
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.nodes import Node

SLOW = {"1": {"class_type": "Slow", "inputs": {}}}


def slow(run: Any) -> None:
    """Report a picture, again and again, until interrupted."""
    while True:
        time.sleep(0.005)
        run.report(0, 1, ("PNG", Image.new("L", (1, 1)), None))


async def pictures(ws: ClientWebSocketResponse) -> int:
    """Count the pictures that come before the answer to a ping."""
    await ws.ping()
    kinds = []
    while (message := await ws.receive()).type != WSMsgType.PONG:
        kinds.append(message.type)
    return kinds.count(WSMsgType.BINARY)


# --8<-- [start:stranger]
async def main() -> None:
    KINDS["Slow"] = Node(slow, {})
    async with running() as (_, _, _, client):
        mine = await client.ws_connect(
            "/ws?clientId=secret", autoping=False
        )
        body = {"prompt": SLOW, "client_id": "secret"}
        await client.post("/prompt", json=body)
        while not await pictures(mine):
            pass
        queue = await (await client.get("/queue")).json()
        name = queue["queue_running"][0][3]["client_id"]
        print("/queue says:", name)
        theirs = await client.ws_connect(
            f"/ws?clientId={name}", autoping=False
        )
        await pictures(mine)  # what had come before
        while not await pictures(theirs):
            pass
        print("a stranger sees pictures")
        print("pictures for me:", await pictures(mine))


# --8<-- [end:stranger]
if __name__ == "__main__":
    asyncio.run(main())
