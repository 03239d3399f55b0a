"""Show what a client sends and receives for one prompt."""

import asyncio
import json
from typing import Any

from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    WSMessage,
    WSMsgType,
)

from snippets.recreation.serving import example_prompt, serving


# --8<-- [start:follow]
async def follow(client: ClientSession, prompt: Any) -> None:
    """Queue a prompt; print all that comes until it has been run."""
    async with client.ws_connect("/ws?clientId=me") as ws:
        print("/ws:", describe(await ws.receive()))
        body = {"prompt": prompt, "client_id": "me"}
        answer = await client.post("/prompt", json=body)
        prompt_id = (await answer.json())["prompt_id"]
        print("POST /prompt ->", answer.status, "and an id")
        await print_until_done(ws)
    answer = await client.get(f"/history/{prompt_id}")
    outputs = (await answer.json())[prompt_id]["outputs"]
    picture = outputs["save"]["images"][0]
    print("GET /history/… ->", answer.status, picture["filename"])
    answer = await client.get("/view", params=picture)
    print("GET /view ->", answer.status, answer.content_type)


async def print_until_done(ws: ClientWebSocketResponse) -> None:
    """Print messages until the one that says no node is run."""
    text = ""
    while text != "executing None":
        text = describe(await ws.receive())
        print("/ws:", text)


# --8<-- [end:follow]
# --8<-- [start:describe]
def describe(message: WSMessage) -> str:
    """Return what a message says, on one line."""
    if message.type == WSMsgType.BINARY:
        return "a preview, binary"
    event = json.loads(message.data)
    name, data = event["type"], event["data"]
    match name:
        case "status":
            left = data["status"]["exec_info"]["queue_remaining"]
            return f"status, {left} left"
        case "executing" | "executed":
            return f"{name} {data['node']}"
        case "progress":
            return f"progress {data['value']}/{data['max']}"
    return str(name)


# --8<-- [end:describe]
# --8<-- [start:main]
async def main() -> None:
    prompt = example_prompt()
    prompt["sample"]["inputs"]["steps"] = 2
    async with serving() as served:
        await follow(served.client, prompt)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
