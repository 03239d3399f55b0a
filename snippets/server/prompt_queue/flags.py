"""Show two wishes to the worker, and which of them is read."""

import asyncio
import logging

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.prompt_queue.told import visiting

routes = web.RouteTableDef()


# --8<-- [start:wishes]
@routes.post("/interrupt")
async def post_interrupt(request: web.Request) -> web.Response:
    """Ask the running prompt to stop; no body is read."""
    request.app[SERVER].interrupted.set()
    return web.Response()


@routes.post("/free")
async def post_free(request: web.Request) -> web.Response:
    """Ask the worker to free memory after this prompt."""
    data = await request.json()
    wishes = {
        name: data.get(name, False)
        for name in ("unload_models", "free_memory")
    }
    for name, value in wishes.items():
        if value:
            request.app[SERVER].queue.set_flag(name, value)
    return web.Response()


# --8<-- [end:wishes]
# --8<-- [start:wish]
async def main() -> None:
    logging.disable()  # a 500 is logged
    async with visiting(routes) as (server, client):
        for path in ("/interrupt", "/free"):
            for body in ("no JSON", '{"free_memory": "no"}'):
                response = await client.post(path, data=body)
                print(path, body, response.status)
        print(server.interrupted.is_set(), server.queue.flags)


# --8<-- [end:wish]
if __name__ == "__main__":
    asyncio.run(main())
