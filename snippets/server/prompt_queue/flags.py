"""Show which of two requests to the worker has its body read."""

import asyncio
import logging

from snippets.recreation import model_management
from snippets.recreation.serving import serving


# --8<-- [start:ask]
async def main() -> None:
    logging.disable()  # a 500 is logged
    async with serving(worker=False) as (server, client, *_):
        for path in ("/interrupt", "/free"):
            for body in ("no JSON", '{"free_memory": "no"}'):
                response = await client.post(path, data=body)
                print(path, body, response.status)
        interrupted = model_management.processing_interrupted()
        print(interrupted, server.prompt_queue.flags)


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
