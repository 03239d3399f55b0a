"""Show a publish_loop that survives a bad message and logs it."""

import asyncio
import logging
import sys

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:survive]
class SurvivingServer(PromptServer):
    """Goes on publishing after a message that cannot be sent."""

    async def publish_loop(self) -> None:
        """Send one message after the other; log what fails."""
        while True:
            event, data, sid = await self.messages.get()
            try:
                await self.send(event, data, sid)
            except Exception as error:
                logging.error("%s was not sent: %s", event, error)


# --8<-- [end:survive]
# --8<-- [start:main]
async def main() -> None:
    logging.basicConfig(stream=sys.stdout, format="log: %(message)s")
    async with serving(server_class=SurvivingServer) as served:
        server, client, *_ = served
        ws = await client.ws_connect("/ws")
        await ws.receive()  # the greeting
        for data in ("first", {1, 2}, "third"):
            server.send_sync("news", data)
        for _ in range(2):
            print(await ws.receive_json())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
