"""Show what a send raises before and after its client has left."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation.server import send_socket_catch_exception


# --8<-- [start:outcome]
async def outcome(
    send: Callable[[Any], Awaitable[None]], message: object
) -> str:
    """Send through the function; return what became of the error.

    Args:
        send: a coroutine method of one connection: `ws.send_json`.
        message: what that method is to send.

    Returns:
        "sent", or "caught" or "raised" with the error's class.
    """
    errors: list[str] = []

    async def noted(message: Any) -> None:
        try:
            await send(message)
        except Exception as error:
            errors.append(type(error).__name__)
            raise

    try:
        await send_socket_catch_exception(noted, message)
    except Exception as error:
        return f"raised {type(error).__name__}"
    return f"caught {errors[0]}" if errors else "sent"


# --8<-- [end:outcome]
# --8<-- [start:visit]
async def visit(request: web.Request) -> web.WebSocketResponse:
    """Send once in time and once too late."""
    await (ws := web.WebSocketResponse()).prepare(request)
    print(await outcome(ws.send_str, "hello"))
    await ws.receive()  # the client says goodbye
    print(await outcome(ws.send_str, "hello?"))
    return ws


# --8<-- [end:visit]
async def main() -> None:
    logging.basicConfig(stream=sys.stdout, format="log: %(message)s")
    app = web.Application()
    app.router.add_get("/", visit)
    async with TestClient(TestServer(app)) as client:
        await (await client.ws_connect("/")).close()


if __name__ == "__main__":
    asyncio.run(main())
