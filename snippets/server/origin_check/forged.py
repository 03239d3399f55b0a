"""Show the POST any website can send, without the check and with it."""

import asyncio
import json
import logging

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, serving

# --8<-- [start:forged]
FORGED = {
    "Host": "127.0.0.1:8188",
    "Origin": "https://evil.example",
    "Content-Type": "text/plain",
}
BODY = json.dumps({"prompt": SMALL_PROMPT})


def remove_check(server: PromptServer) -> None:
    """Keep only the first middleware, `cache_control`."""
    del server.app.middlewares[1]


# --8<-- [end:forged]
# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    for prepare in (remove_check, None):
        async with serving(prepare=prepare, worker=False) as served:
            response = await served.client.post(
                "/prompt", data=BODY, headers=FORGED
            )
        queued = served.server.prompt_queue.get_tasks_remaining()
        print(response.status, "queued:", queued)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
