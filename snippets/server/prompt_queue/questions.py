"""Show two questions about what runs and what waits."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:ask]
async def main() -> None:
    async with serving(worker=False) as (server, client, *_):
        for number, name in ((1, "a"), (4, "b"), (3, "c"), (2, "d")):
            server.prompt_queue.put((number, name, {}, {}, []))
        server.prompt_queue.get()
        print(await (await client.get("/prompt")).json())
        lists = await (await client.get("/queue")).json()
        for name, items in lists.items():
            print(f"{name}:", *[item[:2] for item in items])


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
