"""Show how large a message may be."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

LIMIT = 100


# --8<-- [start:listen]
async def listen(request: web.Request) -> web.WebSocketResponse:
    """Print the type of the first message."""
    ws = web.WebSocketResponse(max_msg_size=LIMIT)
    await ws.prepare(request)
    print(f"  {(await ws.receive()).type.name:6}", end="")
    return ws


# --8<-- [end:listen]
async def main() -> None:
    app = web.Application()
    app.router.add_get("/", listen)
    print("size  plain   compressed")
    async with TestClient(TestServer(app)) as client:
        # --8<-- [start:send]
        for size in (LIMIT - 1, LIMIT, LIMIT + 1):
            print(f"{size:4}", end="")
            for compress in (0, 15):
                ws = await client.ws_connect("/", compress=compress)
                await ws.send_str("x" * size)
                await ws.receive()
            print()
        # --8<-- [end:send]


if __name__ == "__main__":
    asyncio.run(main())
