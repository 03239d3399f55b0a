"""Show two masks: one is stored, one only said to be."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from snippets.server.application.part import SERVER, PromptServer
from snippets.server.application.settings import Settings
from snippets.server.uploads.alpha import with_alpha
from snippets.server.uploads.store import store
from snippets.server.view.inside import is_file
from snippets.server.view.places import locate

routes = web.RouteTableDef()
REF = '{{"filename": "{}"}}'


# --8<-- [start:mask]
@routes.post("/upload/mask")
async def upload_mask(request: web.Request) -> web.Response:
    """Store a picture from `original_ref` with a new alpha channel.

    Source: ComfyUI v0.3.10, server.py 336–377.
    """
    folders = request.app[SERVER].settings.folders

    def save(image: Any, post: Any, path: Path) -> web.Response | None:
        place = locate(folders, json.loads(post["original_ref"]))
        if isinstance(place, int):
            return web.Response(status=place)  # nobody looks at it
        if is_file(original := Path(*place)):
            with_alpha(original, image.file, path)
        return None

    return store(folders, await request.post(), save)


# --8<-- [end:mask]
# --8<-- [start:masks]
async def main() -> None:
    with TemporaryDirectory() as root:
        settings = Settings.below(Path(root))
        original = settings.folders.output / "here.png"
        Image.new("RGBA", (1, 1)).save(original)
        server = PromptServer(settings)
        server.app.add_routes(routes)
        async with TestClient(TestServer(server.app)) as client:
            for name in ("here.png", "gone.png"):
                form = FormData({"original_ref": REF.format(name)})
                form.add_field("image", original.open("rb"))
                answer = await client.post("/upload/mask", data=form)
                print(answer.status, await answer.text())
        print("stored:", len(list(settings.folders.input.iterdir())))


# --8<-- [end:masks]
if __name__ == "__main__":
    asyncio.run(main())
