"""Show an answer that no bad node can spoil."""

import asyncio
import json
import logging
from unittest.mock import patch

from aiohttp import web

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer, node_info
from snippets.recreation.serving import serving
from snippets.server.introspection.bad_nodes import BAD


# --8<-- [start:skip]
class CarefulServer(PromptServer):
    """A server that leaves out what is no strict JSON."""

    async def get_object_info(
        self, request: web.Request
    ) -> web.Response:
        """Describe the nodes that can be written as strict JSON."""
        # --8<-- [start:gap]
        parts = []
        for name in NODE_CLASS_MAPPINGS:
            try:
                info = json.dumps(node_info(name), allow_nan=False)
                parts.append(f"{json.dumps(name)}: {info}")
            except Exception as error:
                logging.error("%s: %s", name, error)
        return web.json_response(text="{" + ", ".join(parts) + "}")
        # --8<-- [end:gap]


# --8<-- [end:skip]
# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    with patch.dict(NODE_CLASS_MAPPINGS, BAD):
        async with serving(server_class=CarefulServer) as served:
            response = await served.client.get("/object_info")
            print(response.status, len(await response.json()), "nodes")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
