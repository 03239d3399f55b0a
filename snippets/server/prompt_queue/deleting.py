"""Show what POST /queue takes out of the queue, and what it leaves."""

import asyncio
import logging

from snippets.recreation.serving import serving

# --8<-- [start:delete]
BODIES = (
    '{"delete": ["a", "b", "nobody"]}',
    '{"delete": "bx"}',
)


async def main() -> None:
    logging.disable()  # a 500 is logged
    for body in BODIES:
        async with serving(worker=False) as (server, client, *_):
            queue = server.prompt_queue
            for number, name in enumerate("abc"):
                queue.put((number, name, {}, {}, []))
            queue.get()  # as the worker does
            response = await client.post("/queue", data=body)
            print(body, response.status)
            running, waiting = queue.get_current_queue()
            print("  runs:", *[item[1] for item in running])
            print("  waits:", *[item[1] for item in waiting])


# --8<-- [end:delete]
if __name__ == "__main__":
    asyncio.run(main())
