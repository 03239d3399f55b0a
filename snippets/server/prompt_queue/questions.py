"""Show two questions about what runs and what waits."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:ask]
async def main() -> None:
    async with serving(worker=False) as (server, client, *_):
        for number, name in ((1, "a"), (4, "b"), (3, "c"), (2, "d")):
            server.prompt_queue.put((number, name, {}, {}, []))
        server.prompt_queue.get()
        for path in ("prompt", "queue"):
            response = await client.get(f"/{path}")
            print(f"/{path}", await response.text())


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
