"""Show the POST any website can send, and what three checks do."""

import asyncio
import json
import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, serving

# --8<-- [start:forged]
FORGED = {
    "Host": "127.0.0.1:8188",
    "Origin": "https://evil.example",
    "Content-Type": "text/plain",
}
BODY = json.dumps({"prompt": SMALL_PROMPT})
# --8<-- [end:forged]


# --8<-- [start:too_late]
@web.middleware
async def too_late(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Let the handler work, then refuse its response."""
    response = await handler(request)
    own = f"http://{request.host}"
    if request.headers.get("Origin", own) != own:
        return web.Response(status=403)
    return response


def remove_check(server: PromptServer) -> None:
    """Keep only the first middleware, `cache_control`."""
    del server.app.middlewares[1]


def check_too_late(server: PromptServer) -> None:
    """Put the naive check where the server's own stands."""
    server.app.middlewares[1] = too_late


# --8<-- [end:too_late]
# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    checks = {
        "none": remove_check,
        "naive": check_too_late,
        "own": None,
    }
    for check, prepare in checks.items():
        async with serving(prepare=prepare, worker=False) as served:
            response = await served.client.post(
                "/prompt", data=BODY, headers=FORGED
            )
        queued = served.server.prompt_queue.get_tasks_remaining()
        print(f"{check:6} {response.status}, queued: {queued}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
