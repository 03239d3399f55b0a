"""Show what the history keeps of a prompt that failed."""

import asyncio

from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:entry]
async def main() -> None:
    async with serving(publish=False) as (server, client, *_):
        await client.post("/prompt", json={"prompt": SMALL_PROMPT})
        left = 1
        while left:  # messages tell how many wait or run
            _, data, _ = await server.messages.get()
            left = data["status"]["exec_info"]["queue_remaining"]
    [entry] = server.prompt_queue.get_history().values()
    print(*entry)
    print(entry["status"]["status_str"], entry["status"]["completed"])
    for event, data in entry["status"]["messages"]:
        print(event, data.get("node_type", ""))


# --8<-- [end:entry]
if __name__ == "__main__":
    asyncio.run(main())
