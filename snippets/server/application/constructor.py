"""Show what a server has before it serves anything."""

import asyncio

from snippets.recreation.execution import PromptQueue
from snippets.recreation.server import PromptServer


# --8<-- [start:main]
async def main() -> None:
    server = PromptServer(asyncio.get_running_loop())
    print("routes in its table:", len(server.routes))
    print("in its application:", len(server.app.router.routes()))
    print("prompt_queue:", hasattr(server, "prompt_queue"))
    PromptQueue(server)
    print("prompt_queue:", server.get_queue_info())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
