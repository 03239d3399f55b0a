"""Show a stranger who reads a name in /queue, and comes under it."""

import asyncio

from aiohttp import ClientWebSocketResponse, WSMsgType

from snippets.recreation.serving import example_prompt, serving


# --8<-- [start:pictures]
async def pictures(ws: ClientWebSocketResponse) -> int:
    """Count the pictures that come before the answer to a ping."""
    await ws.ping()
    kinds = []
    while (message := await ws.receive()).type != WSMsgType.PONG:
        kinds.append(message.type)
    return kinds.count(WSMsgType.BINARY)


# --8<-- [end:pictures]
# --8<-- [start:stranger]
async def main() -> None:
    prompt = example_prompt()
    prompt["sample"]["inputs"]["steps"] = 10_000  # until interrupted
    async with serving() as (_, client, *_):
        mine = await client.ws_connect(
            "/ws?clientId=secret", autoping=False
        )
        body = {"prompt": prompt, "client_id": "secret"}
        await client.post("/prompt", json=body)
        while not await pictures(mine):
            pass
        queue = await (await client.get("/queue")).json()
        name = queue["queue_running"][0][3]["client_id"]
        print("/queue says:", name)
        theirs = await client.ws_connect(
            f"/ws?clientId={name}", autoping=False
        )
        await pictures(mine)  # what had come before
        while not await pictures(theirs):
            pass
        print("a stranger sees pictures")
        print("pictures for me:", await pictures(mine))


# --8<-- [end:stranger]
if __name__ == "__main__":
    asyncio.run(main())
