"""Show a server that refuses what would end it."""

import asyncio
import math
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.execution import is_link
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:depth]
def depth(data: Any) -> int:
    """Return how many lists and dicts stand in one another."""
    level, found = [data], 0
    while level := [x for x in level if isinstance(x, list | dict)]:
        found += 1
        level = [
            inner
            for x in level
            for inner in (x.values() if isinstance(x, dict) else x)
        ]
    return found


def valid_prompt(prompt: Any) -> bool:
    """Say whether each node has inputs, and each link its node."""
    if not isinstance(prompt, dict) or len(prompt) > 500:
        return False  # the executor calls itself along a chain
    if not all(isinstance(node, dict) for node in prompt.values()):
        return False
    inputs = [node.get("inputs") for node in prompt.values()]
    if not all(isinstance(named, dict) for named in inputs):
        return False
    values = [value for named in inputs for value in named.values()]
    return all(x[0] in prompt for x in values if is_link(x))


# --8<-- [end:depth]
# --8<-- [start:valid]
def valid_number(number: Any) -> bool:
    """Say whether `float` takes it, and it can be put in order."""
    try:
        return math.isfinite(float(number))
    except (TypeError, ValueError, OverflowError):
        return False


def valid_body(data: Any) -> bool:
    """Say whether a body of POST /prompt has none of the four."""
    if not isinstance(data, dict) or depth(data) > 100:
        return False
    extra, number = data.get("extra_data", {}), data.get("number", 0)
    if not isinstance(extra, dict) or not valid_number(number):
        return False
    names = [data.get("client_id"), extra.get("client_id")]
    if not all(isinstance(name, str | None) for name in names):
        return False
    return valid_prompt(data.get("prompt"))


# --8<-- [end:valid]
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
        return web.Response(status=400, text="not JSON")
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
