"""Show what can be taken back and what can be forgotten."""

import asyncio
import logging

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.prompt_queue.told import visiting

routes = web.RouteTableDef()


# --8<-- [start:change]
@routes.post("/queue")
async def post_queue(request: web.Request) -> web.Response:
    """Take prompts back: all that wait, or some."""
    data = await request.json()
    queue = request.app[SERVER].queue
    clear = "clear" in data and data["clear"]
    if clear:
        queue.wipe()
    if "delete" in data:
        for prompt_id in data["delete"]:
            queue.delete(prompt_id)
    return web.Response()


@routes.post("/history")
async def post_history(request: web.Request) -> web.Response:
    """Forget what ran: all, or some."""
    data = await request.json()
    history = request.app[SERVER].history
    clear = "clear" in data and data["clear"]
    if clear:
        history.clear()
    if "delete" in data:
        for prompt_id in data["delete"]:
            history.pop(prompt_id, None)
    return web.Response()


# --8<-- [end:change]
# --8<-- [start:bodies]
async def main() -> None:
    logging.disable()  # a 500 is logged
    for body in ("{}", '{"delete": "bx"}', '{"clear": 1, "delete": 0}'):
        async with visiting(routes) as (server, client):
            for number, name in enumerate("abc"):
                server.queue.put((number, name, {}, {}, []))
            server.queue.take()
            response = await client.post("/queue", data=body)
            left = [item[1] for item in server.queue.current()[1]]
            print(body, response.status, left)


# --8<-- [end:bodies]
if __name__ == "__main__":
    asyncio.run(main())
