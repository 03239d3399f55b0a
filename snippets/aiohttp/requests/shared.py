"""Show that one response object serves one request only."""

import asyncio
import re

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer


# --8<-- [start:app]
def build_app() -> web.Application:
    """Return an application that makes one response in advance."""
    ready = web.Response(headers={"X-Answer": "shared"})

    async def shared(request: web.Request) -> web.Response:
        return ready

    async def fresh(request: web.Request) -> web.Response:
        return web.Response(headers={"X-Answer": "fresh"})

    app = web.Application()
    app.router.add_get("/shared", shared)
    app.router.add_get("/fresh", fresh)
    return app


# --8<-- [end:app]
async def ask(server: BaseTestServer, *paths: str) -> list[str]:
    """Request the paths over one connection; return each X-Answer."""
    address = server.host, server.port
    reader, writer = await asyncio.open_connection(*address)
    for path in paths:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    writer.write(b"GET /none HTTP/1.0\r\nHost: x\r\n\r\n")
    received = (await reader.read()).decode()
    writer.close()
    return re.findall(r"(?m)^X-Answer: (\w+)", received)


async def main() -> None:
    async with TestServer(build_app()) as server:
        # --8<-- [start:main]
        paths = ("/shared", "/shared", "/fresh")
        print("asked:   ", *paths)
        print("answered:", *await ask(server, *paths))
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
