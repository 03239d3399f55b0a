"""Show one prompt after which no other prompt runs."""

import asyncio
import threading

from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:dead]
async def main() -> None:
    crashes: list[threading.ExceptHookArgs] = []
    threading.excepthook = crashes.append
    async with serving() as (server, client, _, worker, _):
        assert worker
        for more in ({}, {"extra_data": None}, {}):
            body = {"prompt": SMALL_PROMPT, **more}
            response = await client.post("/prompt", json=body)
            print(more, response.status)
        await asyncio.to_thread(worker.join)
        print("ended by", crashes[0].exc_type.__name__)
        ran = len(server.prompt_queue.history)
        left = server.prompt_queue.get_tasks_remaining()
        print("ran:", ran, "left:", left)


# --8<-- [end:dead]
if __name__ == "__main__":
    asyncio.run(main())
