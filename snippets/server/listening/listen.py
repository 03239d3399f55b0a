"""Show the server listening at two addresses, with one runner."""

import asyncio
import logging
import sys

from aiohttp import ClientSession

from snippets.recreation.server import PromptServer


# --8<-- [start:main]
async def main() -> None:
    level, stream = logging.INFO, sys.stdout
    logging.basicConfig(
        level=level, stream=stream, format="%(message)s"
    )
    server = PromptServer(asyncio.get_running_loop())
    addresses = [("127.0.0.1", 0), ("127.0.0.1", 0)]
    runner = await server.start_multi_address(addresses)
    async with ClientSession() as session:
        for site in runner.sites:
            print((await session.get(site.name)).status)
    await runner.cleanup()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
