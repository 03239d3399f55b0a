"""Show the server for as long as a block lasts."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:block]
async def main() -> None:
    async with serving("--enable-cors-header") as (_, client, *_):
        for path in ("/", "/queue", "/view?filename=none.png"):
            response = await client.get(path)
            print(response.status, path, response.content_type)


# --8<-- [end:block]
if __name__ == "__main__":
    asyncio.run(main())
