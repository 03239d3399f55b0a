"""Show what a client receives while it listens and speaks."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from struct import unpack
from typing import Any

from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    WSMessage,
    WSMsgType,
)

from snippets.recreation.serving import serving


def describe(message: WSMessage) -> dict[str, Any]:
    """Say what came: a text, a picture, or the answer to a ping."""
    if message.type is WSMsgType.TEXT:
        return {"kind": "text", "text": message.data}
    if message.type is WSMsgType.BINARY:
        event, kind = unpack(">II", message.data[:8])
        data = b64encode(message.data[8:]).decode()
        numbers = {"event": event, "type": kind}
        return {"kind": "picture", **numbers, "data": data}
    return {"kind": "read"}  # that is, what was said before the ping


# --8<-- [start:client]
class WebSocketClient:
    """Keeps one WebSocket at a time, and tells what comes."""

    def __init__(
        self, client: ClientSession, tell: Callable[[Any], None]
    ) -> None:
        self.client, self.tell = client, tell

    async def open(self, name: str) -> None:
        """Connect under a name; from now on tell what comes."""
        self.ws = await self.client.ws_connect(
            "/ws", params={"clientId": name}, autoping=False
        )
        self.receiving = asyncio.create_task(self.receive(self.ws))

    async def receive(self, ws: ClientWebSocketResponse) -> None:
        """Tell what comes until the end, and then the end."""
        async for message in ws:
            self.tell(describe(message))
        self.tell({"kind": "closed", "code": ws.close_code})

    async def say(self, text: str) -> None:
        """Send a text, and a ping that does not overtake it."""
        await self.ws.send_str(text)
        await self.ws.ping()

    async def close(self) -> None:
        """Close; return when the end has been told."""
        await self.ws.close()
        await self.receiving


# --8<-- [end:client]
# --8<-- [start:call]
async def main() -> None:
    told = asyncio.Queue[dict[str, Any]]()
    async with serving() as (_, client, *_):
        websocket = WebSocketClient(client, told.put_nowait)
        await websocket.open("me")
        await websocket.say("hello")
        print(await told.get(), await told.get(), sep="\n")
        await websocket.close()
        print(await told.get())


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
