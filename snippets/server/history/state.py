"""Show how to tell what has become of a prompt, by its id."""

import asyncio
from typing import Any

from aiohttp import ClientSession

from snippets.recreation.serving import (
    SMALL_PROMPT,
    example_prompt,
    serving,
)
from snippets.server.recreation.interrupt import receive_until
from snippets.server.websocket.finished import until_done


# --8<-- [start:state]
async def state(client: ClientSession, prompt_id: str) -> str:
    """Say what has become of a prompt; the queue is asked first."""
    queue = await (await client.get("/queue")).json()
    for name in ("queue_pending", "queue_running"):
        if any(item[1] == prompt_id for item in queue[name]):
            return name.removeprefix("queue_")
    history = await (await client.get(f"/history/{prompt_id}")).json()
    if prompt_id not in history:
        return "unknown"
    last, _ = history[prompt_id]["status"]["messages"][-1]
    return str(last).removeprefix("execution_")  # not status_str


# --8<-- [end:state]
# --8<-- [start:post]
async def post(client: ClientSession, prompt: Any) -> str:
    """Queue a prompt in the name of `me`; return its id."""
    body = {"prompt": prompt, "client_id": "me"}
    response = await client.post("/prompt", json=body)
    return str((await response.json())["prompt_id"])


# --8<-- [end:post]
# --8<-- [start:main]
async def main() -> None:
    good, long = example_prompt(), example_prompt()
    long["sample"]["inputs"].update(steps=10_000, seed=2)
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        prompts = {"long": long, "failing": SMALL_PROMPT, "good": good}
        ids = {k: await post(client, v) for k, v in prompts.items()}
        ids["unheard of"] = "1234"
        await receive_until(ws, "progress")  # the long one has begun
        for name, prompt_id in ids.items():
            print(f"{name}:", await state(client, prompt_id))
        await client.post("/interrupt")
        await until_done(ws, ids["good"])
        for name, prompt_id in ids.items():
            print(f"{name}, later:", await state(client, prompt_id))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
