"""Show the worker: the lowest number first, and what history keeps."""

import asyncio

from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:two]
async def main() -> None:
    async with serving(publish=False) as (server, *_):
        queue = server.prompt_queue
        # so the worker takes none until both wait; the mutex is an
        # RLock, so `put` may take it again
        with queue.mutex:
            queue.put((1, "later", SMALL_PROMPT, {}, ["1"]))
            queue.put((0, "sooner", SMALL_PROMPT, {}, ["1"]))
        left = 1
        while left:  # messages tell how many wait or run
            _, data, _ = await server.messages.get()
            left = data["status"]["exec_info"]["queue_remaining"]
    for name, entry in queue.get_history().items():
        status = entry["status"]
        print(name, status["status_str"], status["completed"])
        for event, data in status["messages"]:
            print(f"  {event} {data.get('node_type', '')}".rstrip())
    print("an entry holds:", *entry)


# --8<-- [end:two]
if __name__ == "__main__":
    asyncio.run(main())
