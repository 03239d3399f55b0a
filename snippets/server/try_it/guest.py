"""Show what a guest is told while it listens and speaks."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from snippets.server.recreation.local import serving
from snippets.server.try_it.described import describe


# --8<-- [start:guest]
class Guest:
    """Listens at one WebSocket at a time, and may speak."""

    def __init__(
        self, client: ClientSession, tell: Callable[[Any], None]
    ) -> None:
        self.client, self.tell = client, tell

    async def open(self, name: str) -> None:
        """Connect under a name; from now on tell what comes."""
        self.ws = await self.client.ws_connect(
            "/ws", params={"clientId": name}, autoping=False
        )
        self.hearing = asyncio.create_task(self.hear(self.ws))

    async def hear(self, ws: ClientWebSocketResponse) -> None:
        """Tell what comes until the end, and then the end."""
        async for message in ws:
            self.tell(describe(message))
        self.tell({"kind": "closed", "code": ws.close_code})

    async def say(self, text: str) -> None:
        """Send a text, and a ping that does not overtake it."""
        await self.ws.send_str(text)
        await self.ws.ping()

    async def close(self) -> None:
        """Leave; return when the end has been told."""
        await self.ws.close()
        await self.hearing


# --8<-- [end:guest]
async def main() -> None:
    told = asyncio.Queue[dict[str, Any]]()
    async with serving() as client:
        guest = Guest(client, told.put_nowait)
        await guest.open("me")
        await guest.say("hello")
        print(await told.get(), await told.get(), sep="\n")
        await guest.close()
        print(await told.get())


if __name__ == "__main__":
    asyncio.run(main())
