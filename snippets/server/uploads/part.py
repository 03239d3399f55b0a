"""Show what is answered to uploads, good and bad."""

import asyncio
import logging
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import SERVER, PromptServer
from snippets.server.application.settings import Settings
from snippets.server.uploads.store import store

routes = web.RouteTableDef()


# --8<-- [start:upload]
@routes.post("/upload/image")
async def upload_image(request: web.Request) -> web.Response:
    """Store a picture, or whatever else came as `image`.

    Source: ComfyUI v0.3.10, server.py 330–333.
    """
    folders = request.app[SERVER].settings.folders
    return store(folders, await request.post())


# --8<-- [end:upload]
# --8<-- [start:forms]
def forms() -> dict[str, dict[str, Any]]:
    """Return uploads by what is special about them."""
    return {
        "a file": {"image": BytesIO(b"cat")},
        "a type": {"image": BytesIO(b"cat"), "type": "output"},
        "a type unknown": {"image": BytesIO(), "type": "models"},
        "text for a file": {"image": "cat"},
        "nothing": {},
    }


# --8<-- [end:forms]
async def main() -> None:
    logging.disable()  # the tracebacks of two answers
    with TemporaryDirectory() as root:
        server = PromptServer(Settings.below(Path(root)))
        server.app.add_routes(routes)
        async with TestClient(TestServer(server.app)) as client:
            for what, form in forms().items():
                answer = await client.post("/upload/image", data=form)
                body = await answer.text() if answer.ok else ""
                print(f"{what:15} {answer.status} {body}".rstrip())


if __name__ == "__main__":
    asyncio.run(main())
