"""Show what a node at work tells, and to whom."""

import asyncio

from snippets.recreation.serving import serving
from snippets.recreation.utils import ProgressBar


# --8<-- [start:progress]
async def main() -> None:
    async with serving(worker=False, publish=False) as (server, *_):
        server.last_prompt_id = "p"
        for server.client_id in ("me", None):
            ProgressBar(4).update_absolute(1, preview="(a picture)")
            for _ in range(2):
                event, data, sid = await server.messages.get()
                print(sid or "all", event, data)


# --8<-- [end:progress]
if __name__ == "__main__":
    asyncio.run(main())
