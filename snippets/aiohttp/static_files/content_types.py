"""Show where the type of a static file comes from."""

import asyncio
import mimetypes
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web_fileresponse import CONTENT_TYPES

FILES = ("style.css", "STYLE.CSS", "readme", "a.note", "a.todo")


# --8<-- [start:types]
def add_types() -> None:
    """Add one file extension to Python's table, one to aiohttp's."""
    mimetypes.init()
    mimetypes.types_map[".note"] = "text/plain; charset=utf-8"
    CONTENT_TYPES.add_type("text/x-todo", ".todo")


# --8<-- [end:types]
def build_app(folder: Path) -> web.Application:
    """Return an application that serves five empty files."""
    for name in FILES:
        (folder / name).touch()
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    return app


async def main() -> None:
    add_types()
    with TemporaryDirectory() as folder:
        server = TestServer(build_app(Path(folder)))
        async with TestClient(server) as client:
            # --8<-- [start:main]
            print(f"{'file':11}{'aiohttp sends':26}Python says")
            for name in FILES:
                sent = (await client.get(name)).headers["Content-Type"]
                print(f"{name:11}{sent:26}", end="")
                print(mimetypes.guess_type(name)[0])
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
