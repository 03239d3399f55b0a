"""Show which names work for a file, and which for a folder's mount."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

NAMES = ("pack", "pack (2)", "100%", "图像", "pack(2)")


# --8<-- [start:app]
def build_app(folder: Path) -> web.Application:
    """Return an application with each name as a file and as a mount."""
    app = web.Application()
    for name in NAMES:
        (folder / name).touch()
        app.add_routes([web.static(f"/extensions/{name}", folder)])
    app.add_routes([web.static("/", folder)])
    return app


# --8<-- [end:app]
async def main() -> None:
    with TemporaryDirectory() as folder:
        server = TestServer(build_app(Path(folder)))
        async with TestClient(server) as client:
            # --8<-- [start:main]
            print("file  mount  name")
            for name in NAMES:
                part = quote(name)
                file = await client.get(f"/{part}")
                mount = await client.get(f"/extensions/{part}/pack")
                print(f"{file.status}   {mount.status}    {name}")
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
