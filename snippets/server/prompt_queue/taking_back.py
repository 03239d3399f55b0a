"""Show what a list of the queue says, and what can be taken back."""

import asyncio

from snippets.recreation.execution import Item
from snippets.recreation.serving import serving


# --8<-- [start:delete]
async def main() -> None:
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
if __name__ == "__main__":
    asyncio.run(main())
