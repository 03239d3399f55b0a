"""Show a page asked for again with its tag, and with another."""

import asyncio

from aiohttp import ClientSession

from snippets.server.recreation.local import serving
from snippets.server.try_it.exchange import exchange


# --8<-- [start:again]
async def ask(client: ClientSession, tag: str) -> str:
    """Ask for the front page, unless it still has this tag."""
    headers = [("If-None-Match", tag)]
    came = await exchange(client, "GET", "/", headers)
    print(came["status"], "with a page" if came["text"] else "alone")
    return str(dict(came["headers"])["Etag"])


# --8<-- [end:again]
async def main() -> None:
    async with serving() as client:
        tag = await ask(client, '"none yet"')
        await ask(client, tag)
        await ask(client, "W/" + tag)
        await ask(client, tag[:-1] + 'x"')


if __name__ == "__main__":
    asyncio.run(main())
