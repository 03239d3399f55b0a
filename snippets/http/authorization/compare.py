"""Show three comparisons, given tokens outside ASCII."""

import asyncio
import hmac
import logging

from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer


# --8<-- [start:same]
def same(token: str, secret: bytes) -> bool:
    """Compare a token, as aiohttp decoded it, but not with `==`."""
    sent = token.encode(errors="surrogateescape")
    return hmac.compare_digest(sent, secret)


# --8<-- [end:same]
# --8<-- [start:check]
async def check(request: web.Request) -> web.Response:
    """Compare as the path says; 200 if equal, 401 if not."""
    token = request.headers["Authorization"].removeprefix("Bearer ")
    match request.path:
        case "/text":
            equal = hmac.compare_digest(token, "s3cret")
        case "/utf8":
            equal = hmac.compare_digest(token.encode(), b"s3cret")
        case _:
            equal = same(token, b"s3cret")
    return web.Response(status=200 if equal else 401)


# --8<-- [end:check]
async def ask(server: BaseTestServer, path: str, token: bytes) -> int:
    """Send a token byte for byte; return the status."""
    address = server.host, server.port
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n".encode())
    writer.write(b"Authorization: Bearer %s\r\n\r\n" % token)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


async def main() -> None:
    logging.disable()  # the tracebacks behind each 500
    app = web.Application()
    app.router.add_get("/{how}", check)
    async with TestServer(app) as server:
        # --8<-- [start:call]
        tokens = (b"s3cret", "é".encode(), "é".encode("latin-1"))
        print("token", *tokens)
        for path in ("/text", "/utf8", "/same"):
            print(path, *[await ask(server, path, t) for t in tokens])
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
