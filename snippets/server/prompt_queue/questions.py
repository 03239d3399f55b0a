"""Show four questions about what runs, waits and has run."""

import asyncio

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.prompt_queue.told import visiting

routes = web.RouteTableDef()


# --8<-- [start:read]
@routes.get("/prompt")
async def get_prompt(request: web.Request) -> web.Response:
    """Say how many prompts are left."""
    return web.json_response(request.app[SERVER].queue_info())


@routes.get("/queue")
async def get_queue(request: web.Request) -> web.Response:
    """List what runs and what waits."""
    running, waiting = request.app[SERVER].queue.current()
    return web.json_response(
        {"queue_running": running, "queue_pending": waiting}
    )


@routes.get("/history")
async def get_history(request: web.Request) -> web.Response:
    """List what ran; `max_items` limits it to the newest."""
    count = request.query.get("max_items")
    limit = None if count is None else int(count)
    return web.json_response(request.app[SERVER].history.newest(limit))


@routes.get("/history/{prompt_id}")
async def get_one(request: web.Request) -> web.Response:
    """Return one that ran, or an empty object."""
    only = request.app[SERVER].history.only
    return web.json_response(only(request.match_info["prompt_id"]))


# --8<-- [end:read]
# --8<-- [start:ask]
async def main() -> None:
    async with visiting(routes) as (server, client):
        for number, name in ((1, "a"), (4, "b"), (3, "c"), (2, "d")):
            server.queue.put((number, name, {}, {}, []))
        server.queue.take()
        for path in ("prompt", "queue", "history", "history/nobody"):
            response = await client.get(f"/{path}")
            print(f"/{path}", await response.text())


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
