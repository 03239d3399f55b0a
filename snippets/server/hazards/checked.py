"""Show a server that refuses what would end it."""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.server.hazards.sound import sound
from snippets.server.hazards.whole import running
from snippets.server.prompt_queue.submit import GOOD


# --8<-- [start:check]
@web.middleware
async def check(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Answer 400 to prompts that are not fit to be queued."""
    path = request.path.removeprefix("/api")
    if (request.method, path) != ("POST", "/prompt"):
        return await handler(request)
    if sound(await request.json()):  # the request keeps its body
        return await handler(request)
    return web.Response(status=400)


# --8<-- [end:check]
BAD: list[dict[str, Any]] = [
    {"client_id": []},
    {"extra_data": 5},
    {"number": float("inf")},
]


async def main() -> None:
    async with running(check) as whole:
        for more in (*BAD, {}):
            body = {"prompt": GOOD, **more}
            answer = await whole.client.post("/api/prompt", json=body)
            print(answer.status, more)
        whole.server.queue.set_flag("stop", True)
        await asyncio.to_thread(whole.worker.join)
        print("ran:", len(whole.server.history))


if __name__ == "__main__":
    asyncio.run(main())
