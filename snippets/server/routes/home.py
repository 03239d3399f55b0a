"""Show the start page at `/`, as a file, and when it is missing."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import SERVER, PromptServer
from snippets.server.application.settings import Settings

Client = TestClient[web.Request, web.Application]
routes = web.RouteTableDef()


# --8<-- [start:root]
@routes.get("/")
async def get_root(request: web.Request) -> web.FileResponse:
    """Serve the page that loads all others; caches must ask.

    Source: ComfyUI v0.3.10, server.py 213–219.
    """
    response = web.FileResponse(
        request.app[SERVER].settings.web_root / "index.html"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Pragma"] = "no-cache"
    response.headers["Expires"] = "0"
    return response


# --8<-- [end:root]
# --8<-- [start:main]
async def show(client: Client, path: str) -> None:
    """Print the status and `Cache-Control` of an answer."""
    answer = await client.get(path)
    rule = answer.headers.get("Cache-Control")
    print(f"{path:12}{answer.status} {rule}")


async def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        settings = Settings.below(Path(root))
        page = settings.web_root / "index.html"
        page.write_text("hello")
        app = PromptServer(settings).app
        app.add_routes([*routes, web.static("/", settings.web_root)])
        async with TestClient(TestServer(app)) as client:
            await show(client, "/")
            await show(client, "/index.html")
            page.unlink()
            await show(client, "/")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
