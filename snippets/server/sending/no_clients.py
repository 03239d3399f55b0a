"""Show that with nobody connected even a set can be sent."""

import asyncio

from snippets.recreation.server import PromptServer


# --8<-- [start:main]
async def main() -> None:
    server = PromptServer(asyncio.get_running_loop())
    await server.send_json("news", {1, 2})
    print("nothing raised")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
