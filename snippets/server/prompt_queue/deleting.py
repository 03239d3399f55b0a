"""Show what can be taken back: by a method, and by POST /queue."""

import asyncio
import logging

from snippets.recreation.execution import Item
from snippets.recreation.serving import serving


# --8<-- [start:delete]
async def delete_items() -> None:
    async with serving(worker=False) as (server, *_):
        queue = server.prompt_queue
        for number, name in ((1, "a"), (3, "b"), (2, "c")):
            queue.put((number, name, {}, {}, []))
        _, waiting = queue.get_current_queue()
        print("lists:", [item[1] for item in waiting])
        queue.get()
        for name in ("a", "b", "nobody"):

            def chosen(item: Item, wanted: str = name) -> bool:
                return item[1] == wanted

            print(f"delete {name}:", queue.delete_queue_item(chosen))
        running, waiting = queue.get_current_queue()
        print("runs:", [item[1] for item in running])
        print("waits:", [item[1] for item in waiting])


# --8<-- [end:delete]
# --8<-- [start:bodies]
async def post_bodies() -> None:
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


async def main() -> None:
    await delete_items()
    await post_bodies()


# --8<-- [end:bodies]
if __name__ == "__main__":
    asyncio.run(main())
