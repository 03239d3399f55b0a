"""Show a download whose file changes while it is sent."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestServer

SIZE = 2**24  # more than fits into the buffers on the way
GET = "GET /{} HTTP/1.1\r\nHost: localhost\r\nConnection: {}\r\n\r\n"


# --8<-- [start:changes]
def replace(file: Path) -> None:
    """Write a new file beside it, and rename that to its name."""
    file.with_name("new").write_bytes(b"b" * SIZE)
    file.with_name("new").replace(file)


def overwrite(file: Path) -> None:
    with file.open("r+b") as opened:  # `write_bytes` would empty it
        opened.write(b"b" * SIZE)


def shorten(file: Path) -> None:
    os.truncate(file, 1)


# --8<-- [end:changes]
async def download(folder: Path, change: Callable[[Path], None]) -> str:
    """Change a file while it is sent; return all that is received."""
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    async with TestServer(app) as server:
        address = server.host, server.port
        reader, writer = await asyncio.open_connection(*address)
        writer.write(GET.format("file", "keep-alive").encode())
        await reader.readuntil(b"\r\n\r\n")
        begin = await reader.readexactly(4)
        change(folder / "file")
        writer.write(GET.format("next", "close").encode())
        rest = await reader.read()
        writer.close()
    return (begin + rest).decode()


def main() -> None:
    # --8<-- [start:main]
    for change in (replace, overwrite, shorten):
        with TemporaryDirectory() as name:
            Path(name, "next").write_text("next")
            Path(name, "file").write_bytes(b"a" * SIZE)
            text = asyncio.run(download(Path(name), change))
        body, after = text[:SIZE], text[SIZE:][:15] or "nothing"
        print(f"{change.__name__:10}{body[:4]}…{body[-4:]}, {after}")
    # --8<-- [end:main]


if __name__ == "__main__":
    main()
