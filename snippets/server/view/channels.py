"""Show a picture's colours without its alpha, and the reverse."""

import asyncio
from io import BytesIO

from PIL import Image

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving

# --8<-- [start:modes]
PIXELS = {"RGBA": (9, 8, 7, 50), "LA": (9, 50)}


async def main() -> None:
    async with serving() as (_, client, *_):
        path = folder_paths.get_output_directory() / "a.png"
        for mode, colour in PIXELS.items():
            Image.new(mode, (1, 1), colour).save(path)
            for channel in ("rgb", "a"):
                address = f"/view?filename=a.png&channel={channel}"
                response = await client.get(address)
                with Image.open(BytesIO(await response.read())) as seen:
                    pixel = seen.getpixel((0, 0))
                    print(f"{mode:5}{channel:4}", seen.mode, pixel)


# --8<-- [end:modes]
if __name__ == "__main__":
    asyncio.run(main())
