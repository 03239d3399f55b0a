"""Show what else comes back: a stream, a raise and a closed socket."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.cache_control.real_status import depart, witness


# --8<-- [start:handlers]
async def stream(request: web.Request) -> web.StreamResponse:
    """Send the headers at once."""
    await (response := web.StreamResponse()).prepare(request)
    return response


async def socket(request: web.Request) -> web.WebSocketResponse:
    """Hold a WebSocket until the other side closes it."""
    await (ws := web.WebSocketResponse()).prepare(request)
    await ws.receive()
    return ws


# --8<-- [end:handlers]
def build_app() -> web.Application:
    """Return an application that says what comes back and leaves."""
    app = web.Application(middlewares=[witness])
    app.on_response_prepare.append(depart)
    app.router.add_get("/stream", stream)
    app.router.add_get("/socket", socket)
    return app


# --8<-- [start:main]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path in ("/stream", "/none"):
            print(f"{path:8}", end="")
            await client.get(path)
            print()
        print("/socket ", end="")
        await (await client.ws_connect("/socket")).close()
    print()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
