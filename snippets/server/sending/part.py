"""Show that with nobody connected even a set can be sent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from snippets.server.sending.families import ENOUGH

Sockets = dict[str, web.WebSocketResponse]


# --8<-- [start:sending]
async def catch_lost(
    send: Callable[[Any], Awaitable[None]], message: Any
) -> None:
    """Send one message; a lost connection is logged, no more.

    Source: ComfyUI v0.3.10, server.py 40–44.
    """
    try:
        await send(message)
    except ENOUGH as error:
        logging.warning("send error: %s", error)


async def send_json(
    sockets: Sockets, event: str, data: Any, sid: str | None = None
) -> None:
    """Send to one client, or one after the other to all."""
    message = {"type": event, "data": data}
    for ws in chosen(sockets, sid):
        await catch_lost(ws.send_json, message)


async def send_bytes(
    sockets: Sockets, message: bytes, sid: str | None = None
) -> None:
    """Send to one client, or one after the other to all."""
    for ws in chosen(sockets, sid):
        await catch_lost(ws.send_bytes, message)


def chosen(
    sockets: Sockets, sid: str | None
) -> list[web.WebSocketResponse]:
    """Return all sockets now open, or one; none if unknown."""
    if sid is None:
        return list(sockets.values())
    return [sockets[sid]] if sid in sockets else []


# --8<-- [end:sending]
# --8<-- [start:main]
async def main() -> None:
    await send_json({}, "news", {1, 2})
    print("nothing raised")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
