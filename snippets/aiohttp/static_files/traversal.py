"""Show which paths lead out of a static folder, and which do not."""

import asyncio
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

PATHS = (
    "/page.txt",
    "/.hidden",
    "/folder",
    "/inward",
    "/outward",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
)


# --8<-- [start:folder]
def make_folder(base: Path) -> Path:
    """Make a folder with files and links, and a secret beside it."""
    (base / "secret.txt").write_text("secret")
    (base / "web" / "folder").mkdir(parents=True)
    for name in ("page.txt", ".hidden", "folder/index.html"):
        (base / "web" / name).write_text(name)
    (base / "web" / "inward").symlink_to("page.txt")
    (base / "web" / "outward").symlink_to("../secret.txt")
    return base / "web"


# --8<-- [end:folder]
def ask(server: BaseTestServer, path: str) -> HTTPResponse:
    """Send a path unchanged; most clients normalise it first."""
    client = HTTPConnection(server.host, server.port)
    with closing(client):
        client.request("GET", path)
        response = client.getresponse()
        response.read()
        return response


async def main() -> None:
    with TemporaryDirectory() as name:
        folder = make_folder(Path(name))
        # --8<-- [start:main]
        for follow in (False, True):
            app = web.Application()
            app.router.add_static("/", folder, follow_symlinks=follow)
            print(f"follow_symlinks={follow}")
            async with TestServer(app) as server:
                for path in PATHS:
                    response = await asyncio.to_thread(
                        ask, server, path
                    )
                    print(f"  {response.status} {path}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
