"""Show which request headers change aiohttp's own response."""

import asyncio
import gzip
import logging
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from snippets.http.index.wire import REQUEST, ask

SHOWN = ("Status", "Content-Type", "Content-Encoding", "Connection")


# --8<-- [start:app]
async def handler(request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def broken(request: web.Request) -> web.Response:
    raise ZeroDivisionError


def build_app(folder: Path) -> web.Application:
    """Return an application with two handlers and a static file."""
    (folder / "file").write_text("hello")
    (folder / "file.gz").write_bytes(gzip.compress(b"hello"))
    app = web.Application()
    app.router.add_get("/handler", handler)
    app.router.add_get("/broken", broken)
    app.router.add_static("/", folder)
    return app


# --8<-- [end:app]
# --8<-- [start:change]
async def change(server: BaseTestServer, path: str, header: str) -> str:
    """Compare the responses without and with the header."""
    request = (f"GET {path} HTTP/1.1", f"Host: {server.host}")
    before = await ask(server, *request)
    after = await ask(server, *request, header)
    names = [n for n in SHOWN if after.get(n) != before.get(n)]
    return after[names[0]] if names else "-"


# --8<-- [end:change]
async def main() -> None:
    logging.disable()  # the broken handler's traceback
    with tempfile.TemporaryDirectory() as folder:
        async with TestServer(build_app(Path(folder))) as server:
            # --8<-- [start:call]
            paths = ("/handler", "/file", "/broken")
            row = "{:30}{:11}{:8}{}".format
            print(row("", *paths))
            for header in REQUEST.read_text().splitlines()[2:]:
                found = [await change(server, p, header) for p in paths]
                print(row(header, *found))
            # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
