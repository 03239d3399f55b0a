"""Show what becomes of a preview: its type, format and size."""

import asyncio

from PIL import Image

from snippets.recreation.serving import serving
from snippets.server.wire_format.decoded import decode


# --8<-- [start:sizes]
async def main() -> None:
    picture = Image.new("RGB", (64, 48), "red")
    async with serving(publish=False) as (server, client, *_):
        ws = await client.ws_connect("/ws")
        await ws.receive()  # the greeting
        for kind in ("JPEG", "PNG", "png", "WEBP"):
            await server.send(2, (kind, picture, None))
            print(f"{kind:5}{decode(await ws.receive())}")
        for size in (None, 16, 128):
            await server.send(2, ("JPEG", picture, size))
            print(f"{size!s:5}{decode(await ws.receive())}")


# --8<-- [end:sizes]
if __name__ == "__main__":
    asyncio.run(main())
