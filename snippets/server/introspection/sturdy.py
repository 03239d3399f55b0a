"""Show an answer that no bad node can spoil."""

import asyncio
import json
import logging
from unittest.mock import patch

from aiohttp import web

from snippets.server.introspection.asking import serving
from snippets.server.introspection.bad_nodes import BAD
from snippets.server.introspection.object_info import node_info
from snippets.server.toy_nodes.kinds import KINDS

routes = web.RouteTableDef()


# --8<-- [start:sturdy]
@routes.get("/object_info")
async def get_object_info(request: web.Request) -> web.Response:
    """Describe the nodes that can be written as strict JSON."""
    parts = []
    for name in KINDS:
        try:
            info = json.dumps(node_info(name), allow_nan=False)
            parts.append(f"{json.dumps(name)}: {info}")
        except Exception as error:
            logging.error("%s: %s", name, error)
    return web.json_response(text="{" + ", ".join(parts) + "}")


# --8<-- [end:sturdy]
async def main() -> None:
    logging.disable()
    async with serving(routes, {}) as (_, client):
        with patch.dict(KINDS, BAD):
            answer = await client.get("/object_info")
        print(answer.status, len(await answer.json()), "nodes")


if __name__ == "__main__":
    asyncio.run(main())
