"""Show one prompt after which no other prompt runs."""

import asyncio
import threading

from snippets.server.prompt_queue import submit
from snippets.server.prompt_queue.told import visiting
from snippets.server.toy_nodes.worker import start_worker


# --8<-- [start:dead]
async def main() -> None:
    crashes: list[threading.ExceptHookArgs] = []
    threading.excepthook = crashes.append
    async with visiting(submit.routes) as (server, client):
        worker = start_worker(server)
        for more in ({}, {"extra_data": None}, {}):
            body = {"prompt": submit.GOOD, **more}
            response = await client.post("/prompt", json=body)
            print(more, response.status)
        await asyncio.to_thread(worker.join)
        print("ended by", crashes[0].exc_type.__name__)
        ran, left = len(server.history), server.queue.remaining()
        print("ran:", ran, "left:", left)


# --8<-- [end:dead]
if __name__ == "__main__":
    asyncio.run(main())
