"""Show what /queue and /history say of a prompt, state by state."""

import asyncio
import uuid
from typing import Any

from aiohttp import ClientSession

from snippets.recreation.serving import (
    SMALL_PROMPT,
    example_prompt,
    serving,
)
from snippets.server.client.poll import make
from snippets.server.recreation.interrupt import receive_until

SLOW = example_prompt()
SLOW["sample"]["inputs"]["steps"] = 10_000


# --8<-- [start:state]
async def state(session: ClientSession, prompt_id: str) -> str:
    """Say what both routes know of a prompt."""
    queue = await (await session.get("/queue")).json()
    history = await (await session.get(f"/history/{prompt_id}")).json()
    lists = [
        name
        for name, items in queue.items()
        if prompt_id in [item[1] for item in items]
    ]
    if not history:
        return f"{lists} {history}"
    status = history[prompt_id]["status"]
    return f"{lists} {status['status_str']} {status['completed']}"


# --8<-- [end:state]
async def put(session: ClientSession, prompt: Any) -> str:
    body = {"prompt": prompt, "client_id": "me"}
    answer = await session.post("/prompt", json=body)
    return str((await answer.json())["prompt_id"])


# --8<-- [start:main]
async def show(session: ClientSession) -> None:
    """Bring a prompt into each state."""
    async with session.ws_connect("/ws?clientId=me") as ws:
        runs = await put(session, SLOW)
        waits = await put(session, SMALL_PROMPT)  # its node will fail
        drops = await put(session, SMALL_PROMPT)
        await receive_until(ws, "progress")
        await session.post("/queue", json={"delete": [drops]})
        print("unknown:    ", await state(session, uuid.uuid4().hex))
        print("waiting:    ", await state(session, waits))
        print("deleted:    ", await state(session, drops))
        print("running:    ", await state(session, runs))
        await session.post("/interrupt")
        done = await make(session, example_prompt())
        print("interrupted:", await state(session, runs))
        print("failed:     ", await state(session, waits))
        print("finished:   ", await state(session, done["prompt"][1]))


# --8<-- [end:main]
async def main() -> None:
    async with serving() as (_, session, *_):
        await show(session)


if __name__ == "__main__":
    asyncio.run(main())
