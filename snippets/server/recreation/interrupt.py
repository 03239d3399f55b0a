"""Show which clients learn that a prompt was interrupted."""

import asyncio
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from snippets.recreation.serving import example_prompt, serving

# --8<-- [start:interrupt]
END = '"queue_remaining": 0'  # in the status of an idle server


async def receive_until(ws: ClientWebSocketResponse, word: str) -> str:
    """Receive until a word comes; return all that came."""
    received = ""
    while word not in received:
        received += str((await ws.receive()).data)
    return received


async def interrupt(
    client: ClientSession, prompt: Any, **name: str
) -> dict[str, bool]:
    """Interrupt a prompt once it runs; say who learns of it."""
    told = {}
    async with (
        client.ws_connect("/ws?clientId=me") as me,
        client.ws_connect("/ws?clientId=other") as other,
    ):
        for ws in (me, other):
            await receive_until(ws, END)  # the greeting
        await client.post("/prompt", json={"prompt": prompt, **name})
        await receive_until(me, "progress")
        await client.post("/interrupt")
        for sid, ws in (("me", me), ("other", other)):
            received = await receive_until(ws, END)
            told[sid] = "execution_interrupted" in received
    return told


# --8<-- [end:interrupt]
# --8<-- [start:call]
async def main() -> None:
    prompt = example_prompt()
    prompt["sample"]["inputs"]["steps"] = 500
    async with serving() as (_, client, *_):
        named = await interrupt(client, prompt, client_id="me")
        print("queued by me:     ", named)
        print("queued by no name:", await interrupt(client, prompt))


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
