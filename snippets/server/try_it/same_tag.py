"""Show a page asked for again with its tag, and with another."""

import asyncio

from aiohttp import ClientSession

from snippets.recreation.serving import serving
from snippets.server.try_it.exchange import exchange


# --8<-- [start:ask]
async def ask(client: ClientSession, tag: str) -> str:
    """Ask for the front page, unless it still has this tag."""
    headers = [("If-None-Match", tag)]
    result = await exchange(client, "GET", "/", headers)
    print(
        result["status"],
        "with a page" if result["text"] else "alone",
    )
    return str(dict(result["headers"])["Etag"])


# --8<-- [end:ask]
# --8<-- [start:call]
async def main() -> None:
    async with serving() as (_, client, *_):
        tag = await ask(client, '"none yet"')
        await ask(client, tag)
        await ask(client, "W/" + tag)
        await ask(client, tag[:-1] + 'x"')


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
