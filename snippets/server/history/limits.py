"""Show how much of the history a limit brings."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:limits]
async def main() -> None:
    async with serving(worker=False) as (server, *_):
        queue = server.prompt_queue
        for number, name in enumerate("abc"):
            queue.put((number, name, {}, {}, []))  # as in `prompt`
            found = queue.get()
            assert found
            queue.task_done(found[1], {}, status=None)
        for count in (None, 2, 9, 0, -1):
            print(f"{count}:", *queue.get_history(max_items=count))


# --8<-- [end:limits]
if __name__ == "__main__":
    asyncio.run(main())
