"""Show a loop that outlives a bad message, and says which it was."""

import asyncio
import logging
import sys

from snippets.server.application.part import PromptServer
from snippets.server.websocket.part import routes
from snippets.server.websocket.small import small_server


# --8<-- [start:survive]
async def publish_all(server: PromptServer) -> None:
    """Send one message after the other; log what cannot be sent."""
    while True:
        event, data, sid = await server.messages.get()
        try:
            await server.send(event, data, sid)
        except Exception as error:
            logging.error("%s was not sent: %s", event, error)


# --8<-- [end:survive]
async def main() -> None:
    logging.basicConfig(stream=sys.stdout, format="log: %(message)s")
    async with small_server(routes) as (server, client):
        publishing = asyncio.create_task(publish_all(server))
        ws = await client.ws_connect("/ws")
        await ws.receive()  # the greeting
        for data in ("first", {1, 2}, "third"):
            server.send_sync("news", data)
        for _ in range(2):
            print(await ws.receive_json())
        publishing.cancel()


if __name__ == "__main__":
    asyncio.run(main())
