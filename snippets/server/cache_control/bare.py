"""Show which fields aiohttp sends with a static file."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

FIELDS = ("ETag", "Last-Modified", "Accept-Ranges", "Cache-Control")


# --8<-- [start:app]
def build_app(folder: Path) -> web.Application:
    """Return an application that serves a folder, and no more."""
    app = web.Application()
    app.router.add_static("/", folder)
    return app


async def show(folder: Path) -> None:
    """Print which fields come with a file."""
    async with TestClient(TestServer(build_app(folder))) as client:
        headers = (await client.get("/app.js")).headers
    for field in FIELDS:
        print(f"{field:15}", "sent" if field in headers else "missing")


# --8<-- [end:app]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "app.js").touch()
        asyncio.run(show(Path(name)))


if __name__ == "__main__":
    main()
