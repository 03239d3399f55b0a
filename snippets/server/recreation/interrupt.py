"""Show who hears that a prompt was interrupted."""

import asyncio
import json
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from snippets.server.recreation.local import serving
from snippets.server.recreation.talk import PROMPT

END = '"queue_remaining": 0'


# --8<-- [start:interrupt]
async def hear(ws: ClientWebSocketResponse, wanted: str) -> str:
    """Listen until a word comes; return all that came."""
    heard = ""
    while wanted not in heard:
        heard += str((await ws.receive()).data)
    return heard


async def interrupt(
    client: ClientSession, prompt: Any, **name: str
) -> dict[str, bool]:
    """Interrupt a prompt once it runs; say who heard of it."""
    told = {}
    async with (
        client.ws_connect("/ws?clientId=me") as me,
        client.ws_connect("/ws?clientId=other") as other,
    ):
        for ws in (me, other):
            await hear(ws, END)  # the greeting: nothing is queued
        await client.post("/prompt", json={"prompt": prompt, **name})
        await hear(me, "progress")
        await client.post("/interrupt")
        for sid, ws in (("me", me), ("other", other)):
            told[sid] = "execution_interrupted" in await hear(ws, END)
    return told


# --8<-- [end:interrupt]
async def main() -> None:
    prompt = json.loads(PROMPT.read_text("utf-8"))
    prompt["sample"]["inputs"]["steps"] = 500
    async with serving() as client:
        named = await interrupt(client, prompt, client_id="me")
        print("queued by me:    ", named)
        print("queued by nobody:", await interrupt(client, prompt))


if __name__ == "__main__":
    asyncio.run(main())
