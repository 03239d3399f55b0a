"""Show what comes of the messages that a client sends."""

import asyncio
import logging
import sys

from aiohttp import WSMsgType

from snippets.recreation.serving import serving
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
    async with serving() as (_, client, *_):
        # --8<-- [start:send]
        ws = await client.ws_connect("/ws", autoping=False)
        await ws.receive_json()  # the greeting
        for name, (data, kind) in MESSAGES.items():
            await ws.send_frame(data, kind)
            print(f"{name}: {await heard(ws)}")
        await ws.send_frame(b"\xff", WSMsgType.TEXT)  # no UTF-8
        await ws.receive()
        print("closed with", ws.close_code)
        # --8<-- [end:send]


if __name__ == "__main__":
    asyncio.run(main())
