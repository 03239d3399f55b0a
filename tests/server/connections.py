"""What proofs about messages need: a client that has connected, and a wait until the server forgot one."""

import asyncio
from typing import Any

from aiohttp import ClientWebSocketResponse

from snippets.recreation.server import PromptServer


async def connect(client: Any, name: str = "me") -> ClientWebSocketResponse:
    """Connect under a name, and read the greeting; pings are not answered by themselves."""
    ws: ClientWebSocketResponse = await client.ws_connect(f"/ws?clientId={name}", autoping=False)
    assert (await ws.receive_json(timeout=10))["data"]["sid"] == name
    return ws


async def forgotten(server: PromptServer, sid: str) -> None:
    """Wait until the server has forgotten a name."""
    for _ in range(1000):
        if sid not in server.sockets:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{sid} is still known")
