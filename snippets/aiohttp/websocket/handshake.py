"""Show how an ordinary request becomes a WebSocket."""

import asyncio
from collections.abc import Mapping

from aiohttp import web
from aiohttp.test_utils import TestServer

# --8<-- [start:upgrade]
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def listen(request: web.Request) -> web.WebSocketResponse:
    """Accept the handshake, then receive to the end."""
    await (ws := web.WebSocketResponse()).prepare(request)
    async for _ in ws:
        pass
    return ws


# --8<-- [end:upgrade]
async def ask(
    port: int, method: str, headers: Mapping[str, str]
) -> list[str]:
    """Send a request; return the response's head, abridged."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} / HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    writer.close()
    left_out = ("Date:", "Server:", "Content-")
    return [s for s in head if s and not s.startswith(left_out)]


def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", listen)
    return app


async def main() -> None:
    async with TestServer(build_app()) as server:
        port = server.port or 0
        # --8<-- [start:main]
        print(*await ask(port, "GET", UPGRADE), sep="\n")
        for method in ("GET", "HEAD"):
            print(f"{method} without:", *await ask(port, method, {}))
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
