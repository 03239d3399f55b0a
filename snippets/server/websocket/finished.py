"""Show which message ends a prompt that succeeds or fails."""

import asyncio

from aiohttp import ClientWebSocketResponse, WSMsgType

from snippets.recreation.serving import (
    SMALL_PROMPT,
    example_prompt,
    serving,
)


# --8<-- [start:until_done]
async def until_done(
    ws: ClientWebSocketResponse, prompt_id: str
) -> list[str]:
    """Return the types of a prompt's messages, up to its last one.

    Raises:
        ConnectionError: the connection ended before the prompt did.
    """
    kinds = []
    async for message in ws:
        if message.type != WSMsgType.TEXT:
            continue  # a preview
        event = message.json()
        kind, data = event["type"], event["data"]
        if not isinstance(data, dict):
            continue  # a custom node may send anything
        if data.get("prompt_id") != prompt_id:
            continue  # a status, or a message of another prompt
        kinds.append(kind)
        if kind == "executing" and data["node"] is None:
            return kinds
    raise ConnectionError(f"no more messages of {prompt_id}")


# --8<-- [end:until_done]
# --8<-- [start:main]
async def main() -> None:
    prompts = {"good": example_prompt(), "failing": SMALL_PROMPT}
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        for label, prompt in prompts.items():
            body = {"prompt": prompt, "client_id": "me"}
            response = await client.post("/prompt", json=body)
            prompt_id = (await response.json())["prompt_id"]
            *others, last = await until_done(ws, prompt_id)
            print(f"{label}:", *dict.fromkeys(others), "| last:", last)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
