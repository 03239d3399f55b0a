"""Show what POST /queue takes back."""

import asyncio
import logging

from snippets.recreation.serving import serving


# --8<-- [start:bodies]
async def main() -> None:
    logging.disable()  # a 500 is logged
    for body in ("{}", '{"delete": "bx"}', '{"clear": 1, "delete": 0}'):
        async with serving(worker=False) as (server, client, *_):
            queue = server.prompt_queue
            for number, name in enumerate("abc"):
                queue.put((number, name, {}, {}, []))
            queue.get()
            response = await client.post("/queue", data=body)
            left = [item[1] for item in queue.queue]
            print(body, response.status, left)


# --8<-- [end:bodies]
if __name__ == "__main__":
    asyncio.run(main())
