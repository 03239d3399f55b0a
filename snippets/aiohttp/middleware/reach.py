"""Show which requests pass through a middleware, and which do not."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from aiohttp.typedefs import Handler

# --8<-- [start:requests]
REQUESTS = {
    "found": "GET /page HTTP/1.1",
    "HEAD": "HEAD /page HTTP/1.1",
    "no such path": "GET /none HTTP/1.1",
    "wrong method": "POST /page HTTP/1.1",
    "broken header": "GET /page HTTP/1.1\r\nno colon here",
}
# --8<-- [end:requests]


@web.middleware
async def print_seen(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    print("seen,", end=" ")
    return await handler(request)


async def page(request: web.Request) -> web.Response:
    return web.Response(text="page")


def build_app() -> web.Application:
    app = web.Application(middlewares=[print_seen])
    app.router.add_get("/page", page)
    return app


async def ask(server: BaseTestServer, request: str) -> int:
    """Send a request unchanged; return the response's status."""
    address = server.host, server.port
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{request}\r\nHost: x\r\n\r\n".encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


async def main() -> None:
    logging.disable()  # the broken header's traceback
    async with TestServer(build_app()) as server:
        # --8<-- [start:main]
        for name, request in REQUESTS.items():
            print(f"{name:16}", end="")
            print(await ask(server, request))
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
