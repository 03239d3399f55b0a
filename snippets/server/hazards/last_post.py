"""Show that one POST, though it gets a 200, ends publish_loop."""

import asyncio

from aiohttp import ClientSession

from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:main]
async def unfinished(client: ClientSession) -> int:
    response = await client.get("/prompt")
    info = await response.json()
    return int(info["exec_info"]["queue_remaining"])


async def main() -> None:
    async with serving() as (_, client, *_, publishing):
        assert publishing  # the task that runs publish_loop
        for client_id in ("me", ["me"]):
            body = {"prompt": SMALL_PROMPT, "client_id": client_id}
            response = await client.post("/prompt", json=body)
            print(f"client_id {client_id}: {response.status}")
            while await unfinished(client):
                pass
            print("  publish_loop runs:", not publishing.done())
        print("  it raised", type(publishing.exception()).__name__)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
