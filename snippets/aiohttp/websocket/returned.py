"""Show what the client receives when a handler ends."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:leave]
async def finish(request: web.Request) -> web.StreamResponse:
    """Accept the handshake, then end as the path says."""
    await (ws := web.WebSocketResponse()).prepare(request)
    match request.path:
        case "/return-ws":
            return ws
        case "/return-response":
            return web.Response(text="goodbye")
        case "/raise-404":
            raise web.HTTPNotFound
    raise KeyError


PATHS = ("return-ws", "return-response", "raise-404", "raise-error")


# --8<-- [end:leave]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/{any}", finish)
    return app


async def main() -> None:
    logging.disable()
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in PATHS:
            ws = await client.ws_connect(f"/{path}")
            message = await ws.receive()
            print(f"{path:16} {message.type.name:7}{ws.close_code}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
