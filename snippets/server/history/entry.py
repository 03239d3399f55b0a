"""Show an entry of the history as JSON."""

import asyncio
import json
from typing import Any

from snippets.recreation.serving import example_prompt, serving
from snippets.server.history.state import post
from snippets.server.websocket.finished import until_done


def indented(value: Any, depth: int = 0) -> str:
    """Write a value as JSON, on one line if it is short enough."""
    text = json.dumps(value)
    if not isinstance(value, dict | list) or len(text) + depth <= 68:
        return text
    if isinstance(value, dict):
        pairs = value.items()
        parts = [f'"{k}": {indented(v, depth + 1)}' for k, v in pairs]
    else:
        parts = [indented(one, depth + 1) for one in value]
    end = "\n" + " " * depth
    return text[0] + end + " " + f",{end} ".join(parts) + end + text[-1]


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        prompt_id = await post(client, example_prompt())
        await until_done(ws, prompt_id)
        response = await client.get(f"/history/{prompt_id}")
        entry = (await response.json())[prompt_id]
    del entry["meta"]  # which node each output is of
    entry["prompt"][1:3] = "(the id)", "(the graph)"
    for message in entry["status"]["messages"]:
        message[1] = "(its data)"
    print(indented(entry))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
