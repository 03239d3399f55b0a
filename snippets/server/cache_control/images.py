"""Show what v0.33.0's rule makes of a picture that is not there."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.cache_control.today import cache_control

NAMES = "files/there", "files/missing", "returned", "unknown"


# --8<-- [start:pictures]
async def returned(request: web.Request) -> web.Response:
    """Return a 404."""
    return web.Response(status=404)


def add_pictures(app: web.Application, folder: Path) -> None:
    """Add a folder with one picture, and a handler without any."""
    (folder / "there.png").touch()
    app.router.add_get("/returned.png", returned)
    app.router.add_static("/files", folder)


# --8<-- [end:pictures]
# --8<-- [start:main]
async def ask(app: web.Application, *names: str) -> list[str]:
    """Ask for each picture; return its status and its rule."""
    lines = []
    async with TestClient(TestServer(app)) as client:
        for name in names:
            response = await client.get(f"/{name}.png")
            rule = response.headers.get("Cache-Control", "-")
            lines.append(f"{name:15}{response.status}  {rule}")
    return lines


def main() -> None:
    app = web.Application(middlewares=[cache_control])
    with tempfile.TemporaryDirectory() as name:
        add_pictures(app, Path(name))
        print(*asyncio.run(ask(app, *NAMES)), sep="\n")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
