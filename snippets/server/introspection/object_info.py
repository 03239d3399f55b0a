"""Show how a node describes itself to the front end."""

import logging
from typing import Any

from aiohttp import web

from snippets.server.toy_nodes.kinds import KINDS

routes = web.RouteTableDef()


# --8<-- [start:info]
def node_info(name: str) -> dict[str, Any]:
    """Describe a kind of node.

    Source: ComfyUI v0.3.10, server.py 543–571.
    """
    kind = KINDS[name]
    return {
        "input": {"required": kind.inputs},
        "input_order": {"required": list(kind.inputs)},  # asked again
        "output": kind.outputs,
        "output_is_list": [False] * len(kind.outputs),
        "output_name": kind.outputs,
        "name": name,
        "display_name": name,
        "description": "",
        "python_module": "nodes",
        "category": "sd",
        "output_node": not kind.outputs,
    }


@routes.get("/object_info")
async def get_object_info(request: web.Request) -> web.Response:
    """Describe all nodes; one that fails is logged and left out."""
    found = {}
    for name in KINDS:
        try:
            found[name] = node_info(name)
        except Exception:
            logging.exception("node %s", name)
    return web.json_response(found)


@routes.get("/object_info/{node_class}")
async def get_one(request: web.Request) -> web.Response:
    """Describe one node; an unknown one is an empty object."""
    name = request.match_info["node_class"]
    known = {name: node_info(name)} if name in KINDS else {}
    return web.json_response(known)


# --8<-- [end:info]
def main() -> None:
    for key, value in node_info("VAEDecode").items():
        print(f"{key:15}{value!r}")


if __name__ == "__main__":
    main()
