"""Show which messages travel as text and which as bytes."""

import asyncio
from typing import Any

from PIL import Image

from snippets.recreation.serving import serving

# --8<-- [start:frames]
PREVIEW: Any = 2, ("PNG", Image.new("RGB", (8, 6)), None)
STEP = {"value": 1, "max": 20}
SENT: Any = ("progress", STEP), (1, {"a": 5}), (9, b"hi"), PREVIEW


async def main() -> None:
    async with serving(publish=False) as (server, client, *_):
        ws = await client.ws_connect("/ws")
        await ws.receive()  # the greeting
        for message in SENT:
            await server.send(*message)
            print(f"{(await ws.receive()).data!r:.56}")


# --8<-- [end:frames]
if __name__ == "__main__":
    asyncio.run(main())
