"""Show a client that queues a prompt and hears how it goes."""

import asyncio
import json
from pathlib import Path

from aiohttp import ClientSession, WSMsgType

from snippets.server.recreation.local import serving

PROMPT = Path(__file__).parent / "web/prompt.json"


# --8<-- [start:talk]
async def talk(client: ClientSession, prompt: object) -> list[str]:
    """Queue a prompt; return what came until it was done."""
    heard = []
    async with client.ws_connect("/ws?clientId=me") as ws:
        body = {"prompt": prompt, "client_id": "me"}
        await client.post("/prompt", json=body)
        async for message in ws:
            if message.type == WSMsgType.BINARY:
                event, kind = message.data[3], message.data[7]
                heard.append(f"binary {event}, picture type {kind}")
                continue
            data = json.loads(message.data)
            node = data["data"].get("node", "")
            heard.append(f"{data['type']} {node or ''}")
            if data["type"] == "executing" and node is None:
                break
    return heard


# --8<-- [end:talk]
async def main() -> None:
    prompt = json.loads(PROMPT.read_text("utf-8"))
    async with serving() as client:
        for line in await talk(client, prompt):
            print(line)


if __name__ == "__main__":
    asyncio.run(main())
