"""Show the shortest client: it asks until the prompt is done."""

import asyncio
import uuid
from typing import Any

from aiohttp import ClientSession

from snippets.recreation.serving import example_prompt, serving


# --8<-- [start:make]
async def make(session: ClientSession, prompt: Any) -> Any:
    """Queue a prompt, wait; return its entry in the history."""
    body = {"prompt": prompt, "client_id": uuid.uuid4().hex}
    async with session.post("/prompt", json=body) as response:
        response.raise_for_status()
        prompt_id = (await response.json())["prompt_id"]
    while True:
        async with session.get(f"/history/{prompt_id}") as response:
            history = await response.json()
        if prompt_id in history:
            return history[prompt_id]
        await asyncio.sleep(0.2)


# --8<-- [end:make]
# --8<-- [start:main]
async def main() -> None:
    async with serving() as served:
        entry = await make(served.client, example_prompt())
    print(entry["status"]["status_str"])
    print(entry["outputs"])


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
