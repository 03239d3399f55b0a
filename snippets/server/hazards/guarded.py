"""Show a server that refuses what would end it."""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, serving
from snippets.server.hazards.valid_body import valid_body


# --8<-- [start:check]
@web.middleware
async def check(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Answer 400 to prompts that are not fit to be queued."""
    # --8<-- [start:gap]
    path = request.path.removeprefix("/api")
    if (request.method, path) != ("POST", "/prompt"):
        return await handler(request)
    try:
        data = await request.json()  # the request keeps its body
    except (ValueError, LookupError, RecursionError):
        return web.Response(status=400, text="no JSON")
    if not valid_body(data):
        return web.Response(status=400, text="cannot be queued")
    return await handler(request)
    # --8<-- [end:gap]


def add_check(server: PromptServer) -> None:
    """Put the check behind the server's own middlewares."""
    server.app.middlewares.append(check)


# --8<-- [end:check]
# --8<-- [start:main]
BODIES: list[dict[str, Any]] = [
    {"client_id": []},
    {"extra_data": 5},
    {"number": float("inf")},
    {"prompt": {"1": {"class_type": "Fail"}}},
    {},
]


async def main() -> None:
    async with serving(prepare=add_check) as served:
        server, client, _, worker, _ = served
        for number, more in enumerate(BODIES):
            path = "/api/prompt" if number % 2 else "/prompt"
            body = {"prompt": SMALL_PROMPT, **more}
            response = await client.post(path, json=body)
            print(response.status, path, more)
        print("GET:", (await client.get("/prompt")).status)
        server.prompt_queue.set_flag("stop", True)
        assert worker
        await asyncio.to_thread(worker.join)
        print("ran:", len(server.prompt_queue.get_history()))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
