"""Show a broadcast that catches nothing, and who misses a message."""

import asyncio
import socket
from typing import Any

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.websocket.takeover import heard

UPGRADE = """GET /ws HTTP/1.1\r
Host: localhost\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"""


# --8<-- [start:naive]
class NaiveServer(PromptServer):
    """Sends to one client after the other, and catches nothing."""

    async def send_json(
        self, event: str, data: Any, sid: str | None = None
    ) -> None:
        """Send to all."""
        message = {"type": event, "data": data}
        for ws in list(self.sockets.values()):
            await ws.send_json(message)


# --8<-- [end:naive]
async def connect_by_hand(
    server: PromptServer, client: socket.socket
) -> None:
    """Open a WebSocket by hand; wait until the server knows it."""
    client.sendall(UPGRADE.encode())
    while not server.sockets:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def main() -> None:
    async with serving(
        server_class=NaiveServer, publish=False
    ) as served:
        server, client, address, *_ = served
        # --8<-- [start:send]
        crashing = socket.create_connection(address)
        await connect_by_hand(server, crashing)
        [lost] = server.sockets.values()
        reader = await client.ws_connect("/ws", autoping=False)
        await reader.receive()  # the greeting
        crashing.close()
        for number in (1, 2):
            try:
                await server.send_json("news", number)
                print(number, "sent")
            except ConnectionError as error:
                print(number, type(error).__name__)
        print("lost.closed:", lost.closed)
        print("reader:", *await heard(reader))
        # --8<-- [end:send]


if __name__ == "__main__":
    asyncio.run(main())
