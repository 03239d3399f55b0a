"""Show what comes of the messages that a client sends."""

import asyncio
import logging
import sys

from aiohttp import WSMsgType

from snippets.server.websocket.part import routes
from snippets.server.websocket.small import small_server
from snippets.server.websocket.takeover import heard

# --8<-- [start:messages]
MESSAGES = {
    "text": (b"hello", WSMsgType.TEXT),
    "JSON": (b'{"type": "status"}', WSMsgType.TEXT),
    "bytes": (b"\x00\x01", WSMsgType.BINARY),
}
# --8<-- [end:messages]


async def main() -> None:
    logging.basicConfig(stream=sys.stdout, format="log: %(message)s")
    async with small_server(routes) as (_, client):
        # --8<-- [start:talk]
        ws = await client.ws_connect("/ws", autoping=False)
        await ws.receive_json()  # the greeting
        for name, (data, kind) in MESSAGES.items():
            await ws.send_frame(data, kind)
            print(f"{name}: {await heard(ws)}")
        await ws.send_frame(b"\xff", WSMsgType.TEXT)  # no UTF-8
        await ws.receive()
        print("closed with", ws.close_code)
        # --8<-- [end:talk]


if __name__ == "__main__":
    asyncio.run(main())
