"""Show what a send says before and after its client has left."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:try_send]
async def try_send(
    send: Callable[[Any], Awaitable[None]], message: object
) -> str:
    """Send a message; report a lost connection instead of raising.

    Args:
        send: A coroutine method of one socket, as `ws.send_json`.
        message: What that method is to send.

    Returns:
        "sent", or "caught" and the error's class.

    Raises:
        TypeError: The method cannot send such a message.
        RuntimeError: The socket has not been prepared.

    Source: ComfyUI v0.3.10, server.py, lines 40–44
    """
    try:
        await send(message)
    except (aiohttp.ClientError, ConnectionError) as error:
        return f"caught {type(error).__name__}"
    return "sent"


# --8<-- [end:try_send]
# --8<-- [start:visit]
async def visit(request: web.Request) -> web.WebSocketResponse:
    """Send once in time and once too late."""
    await (ws := web.WebSocketResponse()).prepare(request)
    print(await try_send(ws.send_str, "hello"))
    await ws.receive()  # the client says goodbye
    print(await try_send(ws.send_str, "hello?"))
    return ws


# --8<-- [end:visit]
async def main() -> None:
    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await (await client.ws_connect("/")).close()


if __name__ == "__main__":
    asyncio.run(main())
