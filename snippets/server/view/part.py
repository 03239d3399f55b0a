"""Show what /view answers, and what it refuses."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import SERVER, PromptServer
from snippets.server.application.settings import Settings
from snippets.server.view.inside import is_file
from snippets.server.view.media import file_headers
from snippets.server.view.pictures import alpha, colours
from snippets.server.view.places import locate
from snippets.server.view.previews import preview

routes = web.RouteTableDef()


# --8<-- [start:view]
@routes.get("/view")
async def view_image(request: web.Request) -> web.StreamResponse:
    """Send a file from one of three folders, or a picture of it.

    Source: ComfyUI v0.3.10, server.py 379–479.
    """
    query = request.query
    if "filename" not in query:
        return web.Response(status=404)
    place = locate(request.app[SERVER].settings.folders, query)
    if isinstance(place, int):
        return web.Response(status=place)
    folder, name = place
    path = folder / name.rpartition("/")[2]
    if not is_file(path):
        return web.Response(status=404)
    if "preview" in query:
        return preview(path, query)
    if query.get("channel") == "rgb":
        return colours(path)
    if query.get("channel") == "a":
        return alpha(path)
    return web.FileResponse(path, headers=file_headers(path.name))


# --8<-- [end:view]
async def main() -> None:
    with TemporaryDirectory() as root:
        settings = Settings.below(Path(root))
        settings.folders.output.joinpath("a.txt").touch()
        server = PromptServer(settings)
        server.app.add_routes(routes)
        async with TestClient(TestServer(server.app)) as client:
            for name in ("a.txt", "no/such/a.txt", "no..a.txt"):
                answer = await client.get(f"/view?filename={name}")
                print(answer.status, answer.url.query_string)


if __name__ == "__main__":
    asyncio.run(main())
