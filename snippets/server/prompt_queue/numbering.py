"""Show how a prompt gets its number and its place."""

import asyncio
import uuid
from typing import Any

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.prompt_queue.rewriting import rewritten
from snippets.server.prompt_queue.told import visiting
from snippets.server.toy_nodes.validation import validate

routes = web.RouteTableDef()
GOOD = {"1": {"class_type": "Fail", "inputs": {"message": ""}}}


# --8<-- [start:submit]
@routes.post("/prompt")
async def post_prompt(request: web.Request) -> web.Response:
    """Number it, check it, let it wait (server.py 613–648)."""
    server = request.app[SERVER]
    data = rewritten(await request.json(), server.rewriters)
    if "number" in data:
        number = float(data["number"])
    else:
        front = "front" in data and data["front"]
        number = -server.number if front else server.number
        server.number += 1
    if "prompt" not in data:
        answer: Any = {"error": "no prompt", "node_errors": []}
        return web.json_response(answer, status=400)
    error, outputs, by_node = validate(prompt := data["prompt"])
    extra = data.get("extra_data", {})
    if "client_id" in data:
        extra["client_id"] = data["client_id"]
    if error:
        answer = {"error": error, "node_errors": by_node}
        return web.json_response(answer, status=400)
    name = str(uuid.uuid4())
    server.queue.put((number, name, prompt, extra, outputs))
    answer = {"prompt_id": name, "number": number}
    return web.json_response({**answer, "node_errors": by_node})


# --8<-- [end:submit]
# --8<-- [start:numbers]
FRONT = {"front": True}
MORE: Any = ({}, {"prompt": {}}, FRONT, FRONT, {"number": "9"})


async def main() -> None:
    async with visiting(routes) as (_, client):
        for more in MORE:
            body = {"prompt": GOOD, **more}
            response = await client.post("/prompt", json=body)
            answer = await response.json()
            print(more, response.status, answer.get("number"))


# --8<-- [end:numbers]
if __name__ == "__main__":
    asyncio.run(main())
