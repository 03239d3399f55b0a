"""Show how many messages wait, from one turn to the next."""

import asyncio
from typing import Any

from snippets.server.sending.part import Sockets
from snippets.server.wire_format.part import send


# --8<-- [start:publisher]
class Publisher:
    """Takes messages from any thread, sends them in the loop's.

    Source: ComfyUI v0.3.10, server.py 791–801.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.messages = asyncio.Queue[tuple[Any, Any, str | None]]()
        self.sockets: Sockets = {}

    async def send(
        self, event: Any, data: Any, sid: str | None = None
    ) -> None:
        """Send now; only in the loop's own thread."""
        await send(self.sockets, event, data, sid)

    def send_sync(
        self, event: Any, data: Any, sid: str | None = None
    ) -> None:
        """Leave a message and return at once; any thread may.

        Args:
            event: a name, or the number of a binary event.
            data: what JSON can hold, bytes, or a preview.
            sid: one client; None means all.
        """
        put = self.messages.put_nowait
        self.loop.call_soon_threadsafe(put, (event, data, sid))

    async def publish_loop(self) -> None:
        """Send one after the other, until a message raises."""
        while True:
            await self.send(*await self.messages.get())


# --8<-- [end:publisher]
# --8<-- [start:turns]
async def main() -> None:
    publisher = Publisher()
    publishing = asyncio.create_task(publisher.publish_loop())
    publisher.send_sync("news", "for all")
    for when in ("just left", "a turn later", "another turn"):
        print(f"{when:13}{publisher.messages.qsize()}")
        await asyncio.sleep(0)
    publishing.cancel()


# --8<-- [end:turns]
if __name__ == "__main__":
    asyncio.run(main())
