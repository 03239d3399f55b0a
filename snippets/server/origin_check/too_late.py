"""Show a check that comes after the handler."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.origin_check.forged import BODY, FORGED


# --8<-- [start:too_late]
@web.middleware
async def too_late(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Let the handler work, then refuse its response."""
    response = await handler(request)
    if request.headers["Origin"] != f"http://{request.host}":
        return web.Response(status=403)
    return response


def replace_check(server: PromptServer) -> None:
    """Put this check where the server's own stands."""
    server.app.middlewares[1] = too_late


# --8<-- [end:too_late]
# --8<-- [start:main]
async def main() -> None:
    async with serving(prepare=replace_check, worker=False) as served:
        queue = served.server.prompt_queue
        for origin in (FORGED["Origin"], "http://127.0.0.1:8188"):
            headers = FORGED | {"Origin": origin}
            response = await served.client.post(
                "/prompt", data=BODY, headers=headers
            )
            left = queue.get_tasks_remaining()
            print(response.status, "queued:", left)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
