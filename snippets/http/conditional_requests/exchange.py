"""Show a static file requested twice, the second time with its tag."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from aiohttp.typedefs import Handler

CHANGED = 1_445_412_480  # Wed, 21 Oct 2015 07:28:00 GMT
LEFT_OUT = ("Connection", "Date", "Server")


@web.middleware
async def no_cache(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Let clients store a copy, and ask before each use."""
    response = await handler(request)
    response.headers["Cache-Control"] = "no-cache"
    return response


def build_app(folder: Path) -> web.Application:
    """Return an application that serves one file of a known date."""
    style = folder / "style.css"
    style.write_bytes(b"body {}\n")
    os.utime(style, (CHANGED, CHANGED))
    app = web.Application(middlewares=[no_cache])
    app.add_routes([web.static("/", folder)])
    return app


async def exchange(server: BaseTestServer, *fields: str) -> list[str]:
    """Send a GET with these fields; return the lines of both sides."""
    lines = ["GET /style.css HTTP/1.1", "Host: localhost", *fields]
    request = "\r\n".join([*lines, "Connection: close", "", ""])
    address = server.host, server.port
    reader, writer = await asyncio.open_connection(*address)
    writer.write(request.encode())
    response = (await reader.read()).decode().splitlines()
    writer.close()
    shown = [line for line in response if not line.startswith(LEFT_OUT)]
    received = [f"< {line}".rstrip() for line in shown]
    return [*(f"> {line}" for line in lines), *received]


async def main() -> None:
    with TemporaryDirectory() as folder:
        async with TestServer(build_app(Path(folder))) as server:
            # --8<-- [start:call]
            first = await exchange(server)
            tag = next(x for x in first if '"' in x).split()[2]
            second = await exchange(server, f"If-None-Match: {tag}")
            print(*first, "", *second, sep="\n")
            # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
