"""Show what a model's file says about itself, or why it does not."""

import asyncio
import json
import logging
import os
from pathlib import Path

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.introspection.asking import ask, serving
from snippets.server.introspection.header import FILES, read_header
from snippets.server.introspection.places import folders_of

routes = web.RouteTableDef()


# --8<-- [start:metadata]
@routes.get("/view_metadata/{folder_name}")
async def view_metadata(request: web.Request) -> web.Response:
    """Return what a model says about itself.

    Source: ComfyUI v0.3.10, server.py 481–502.
    """
    models = request.app[SERVER].settings.models
    name = request.query.get("filename", "")
    path = find(models, request.match_info["folder_name"], name)
    if path and name.endswith(".safetensors"):
        header = read_header(path)
        found = {} if header is None else json.loads(header)
        if "__metadata__" in found:
            return web.json_response(found["__metadata__"])
    return web.Response(status=404)


def find(models: Path, kind: str, name: str) -> Path | None:
    """Return where a model is; `..` leads no higher than its folder.

    Source: ComfyUI v0.3.10, folder_paths.py 267–281.
    """
    rooted = os.path.join("/", name)  # noqa: PTH118
    inside = os.path.relpath(rooted, "/")
    paths = [folder / inside for folder in folders_of(models, kind)]
    return next(filter(Path.is_file, paths), None)


# --8<-- [end:metadata]
# --8<-- [start:asked]
async def main() -> None:
    logging.disable()  # the tracebacks
    files = {f"models/clip/{name}": FILES[name] for name in FILES}
    async with serving(routes, files) as (_, client):
        start = "/view_metadata/clip?filename="
        await ask(client, start, *FILES, "../../good.safetensors")


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
