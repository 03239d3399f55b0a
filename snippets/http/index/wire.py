"""Show a request as it is sent, and as a handler reads it."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

REQUEST = Path(__file__).with_name("request.http")


# --8<-- [start:handler]
async def page(request: web.Request) -> web.Response:
    print("request line:   ", request.method, request.path)
    for name in ("If-Match", "IF-MATCH", "if-match", "If_Match"):
        print(f"{name}:       ", request.headers.get(name))
    print("Accept-Language:", request.headers["Accept-Language"])
    print("all of them:    ", request.headers.getall("Accept-Language"))
    return web.Response()


# --8<-- [end:handler]
# --8<-- [start:ask]
async def ask(server: BaseTestServer, *lines: str) -> dict[str, str]:
    """Send these lines; return the response's headers and Status."""
    address = server.host, server.port
    reader, writer = await asyncio.open_connection(*address)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    first, *fields = head.decode().strip().splitlines()
    status = {"Status": first.split()[1]}
    return status | dict(f.partition(": ")[::2] for f in fields)


# --8<-- [end:ask]
async def main() -> None:
    app = web.Application()
    app.router.add_get("/page", page)
    async with TestServer(app) as server:
        # --8<-- [start:call]
        response = await ask(server, *REQUEST.read_text().splitlines())
        print("response:       ", response["Status"])
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
