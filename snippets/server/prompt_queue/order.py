"""Show in which order prompts are taken."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:order]
async def main() -> None:
    async with serving(worker=False) as (server, *_):
        queue = server.prompt_queue
        for at in ((0, "b"), (1, "c"), (-2, "d"), (-3, "e"), (0, "a")):
            queue.put((*at, {}, {}, []))
        while found := queue.get(timeout=0):
            item, _ = found
            print(*item[:2])


# --8<-- [end:order]
if __name__ == "__main__":
    asyncio.run(main())
