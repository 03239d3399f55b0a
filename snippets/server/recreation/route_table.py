"""Show the 22 routes of the server, in the order of server.py."""

import asyncio

from snippets.recreation.server import PromptServer


async def main() -> None:
    server = PromptServer(asyncio.get_running_loop())
    for route in server.routes:
        print(route)


if __name__ == "__main__":
    asyncio.run(main())
