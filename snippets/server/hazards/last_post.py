"""Show that one POST, though it gets a 200, ends publish_loop."""

import asyncio

from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:main]
async def main() -> None:
    for client_id in ("me", ["me"]):
        async with serving() as (server, client, _, worker, publishing):
            assert worker
            assert publishing  # the task that runs publish_loop
            body = {"prompt": SMALL_PROMPT, "client_id": client_id}
            response = await client.post("/prompt", json=body)
            server.prompt_queue.set_flag("stop", True)
            await asyncio.to_thread(worker.join)  # the prompt has run
            await client.get("/prompt")  # meanwhile all is sent
            print(f"client_id {client_id}: {response.status}")
            print("  publish_loop runs:", not publishing.done())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
