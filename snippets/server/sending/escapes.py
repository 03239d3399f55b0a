"""Show which sends raise through the function that catches."""

import asyncio
from collections.abc import Awaitable

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.sending.caught import try_send


async def report(case: str, sending: Awaitable[str]) -> None:
    """Print which error came out of one send."""
    try:
        await sending
    except Exception as error:
        print(f"{case}: {type(error).__name__}")


# --8<-- [start:visit]
async def visit(request: web.Request) -> web.WebSocketResponse:
    """Send wrongly in three ways."""
    ws = web.WebSocketResponse()
    await report("not prepared", try_send(ws.send_str, "hello"))
    await ws.prepare(request)
    await report("bytes as text", try_send(ws.send_str, b"hello"))
    await report("not JSON", try_send(ws.send_json, {1, 2}))
    return ws


# --8<-- [end:visit]
async def main() -> None:
    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await client.ws_connect("/")


if __name__ == "__main__":
    asyncio.run(main())
