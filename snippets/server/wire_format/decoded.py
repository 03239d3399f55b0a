"""Show what a client makes of a text and of a binary message."""

import asyncio
import json
from io import BytesIO
from struct import unpack

from aiohttp import WSMessage, WSMsgType
from PIL import Image

from snippets.recreation.serving import serving


# --8<-- [start:decode]
def decode(message: WSMessage) -> str:
    """Say what came: text is JSON, anything binary a preview."""
    if message.type is WSMsgType.TEXT:
        event = json.loads(message.data)
        return f"{event['type']}: {event['data']}"
    number, kind = unpack(">II", message.data[:8])
    with Image.open(BytesIO(message.data[8:])) as picture:
        what = f"{picture.format} {picture.width}x{picture.height}"
    return f"event {number}, type {kind}: {what}"


# --8<-- [end:decode]
# --8<-- [start:main]
async def main() -> None:
    async with serving(publish=False) as (server, client, *_):
        ws = await client.ws_connect("/ws")
        await ws.receive()  # the greeting
        await server.send("progress", {"value": 1, "max": 20})
        await server.send(2, ("PNG", Image.new("RGB", (8, 6)), None))
        for _ in range(2):
            print(decode(await ws.receive()))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
