"""Show what all clients are told while the queue changes."""

import asyncio

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:counts]
async def sent_counts(server: PromptServer) -> list[int]:
    """Return the counts that wait to be sent to all clients."""
    counts = []
    await asyncio.sleep(0)  # until they are in server.messages
    while not server.messages.empty():
        _, data, _ = server.messages.get_nowait()
        counts.append(data["status"]["exec_info"]["queue_remaining"])
    return counts


async def main() -> None:
    async with serving(worker=False, publish=False) as (
        server,
        client,
        *_,
    ):
        queue = server.prompt_queue
        for number, name in enumerate("abc"):
            queue.put((number, name, {}, {}, []))
        print("put a, b, c:", await sent_counts(server))
        queue.get()
        print("get a:", await sent_counts(server))
        for name in "abc":
            await client.post("/queue", json={"delete": [name]})
            print(f"delete {name}:", await sent_counts(server))


# --8<-- [end:counts]
if __name__ == "__main__":
    asyncio.run(main())
