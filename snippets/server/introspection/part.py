"""Show what a front end can ask about models."""

import asyncio
from pathlib import Path

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.introspection.asking import ask, serving
from snippets.server.introspection.places import KINDS, models_of

routes = web.RouteTableDef()


# --8<-- [start:models]
@routes.get("/embeddings")
async def get_embeddings(request: web.Request) -> web.Response:
    """List the embeddings, each without its suffix.

    Source: ComfyUI v0.3.10, server.py 221–238.
    """
    models = request.app[SERVER].settings.models
    found = map(Path, models_of(models, "embeddings"))
    return web.json_response([str(x.with_suffix("")) for x in found])


@routes.get("/models")
async def list_model_types(request: web.Request) -> web.Response:
    """List the kinds of models."""
    return web.json_response(KINDS)


@routes.get("/models/{folder}")
async def get_models(request: web.Request) -> web.Response:
    """List the models of a kind; an old name will not do."""
    if (kind := request.match_info["folder"]) not in KINDS:
        return web.Response(status=404)
    models = request.app[SERVER].settings.models
    return web.json_response(models_of(models, kind))


# --8<-- [end:models]
# --8<-- [start:asked]
FILES = """
    embeddings/b.v2.pt embeddings/b.v2.bin embeddings/README.md
    clip/l.safetensors text_encoders/T5.PTH diffusers/x/model.bin
    custom_nodes/pack/secrets.json custom_nodes/pack/.git/HEAD
""".split()  # noqa: SIM905
ASKED = ("text_encoders", "clip", "diffusers", "custom_nodes")


async def main() -> None:
    files = {f"models/{file}": b"" for file in FILES}
    async with serving(routes, files) as (_, client):
        await ask(client, "/", "embeddings")
        await ask(client, "/models/", *ASKED)


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
