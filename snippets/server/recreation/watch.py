"""Show a client that queues a prompt and watches it run."""

import asyncio
import json

from aiohttp import ClientSession, WSMsgType

from snippets.recreation.serving import example_prompt, serving


# --8<-- [start:watch]
async def watch(client: ClientSession, prompt: object) -> list[str]:
    """Queue a prompt; return what came until it was done."""
    received = []
    async with client.ws_connect("/ws?clientId=me") as ws:
        body = {"prompt": prompt, "client_id": "me"}
        await client.post("/prompt", json=body)
        async for message in ws:
            if message.type == WSMsgType.BINARY:
                event, kind = message.data[3], message.data[7]
                received.append(f"binary {event}, picture type {kind}")
                continue
            data = json.loads(message.data)
            node = data["data"].get("node", "")
            received.append(f"{data['type']} {node or ''}")
            if data["type"] == "executing" and node is None:
                break
    return received


# --8<-- [end:watch]
# --8<-- [start:call]
async def main() -> None:
    async with serving() as (_, client, *_):
        for line in await watch(client, example_prompt()):
            print(line)


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
