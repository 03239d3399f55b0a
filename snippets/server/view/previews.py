"""Show what becomes of a picture for each value of preview."""

import asyncio
import logging

from PIL import Image

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving


# --8<-- [start:main]
async def main() -> None:
    logging.disable()  # the traceback of the 500
    async with serving() as (_, client, *_):
        path = folder_paths.get_output_directory() / "a.png"
        Image.new("RGBA", (60, 40)).save(path)
        for value, channel in (
            ("jpeg;80", ""),
            ("png", ""),
            ("jpeg;80", "alpha"),
            ("jpeg;999", ""),
            ("webp;999", ""),
        ):
            query = {"filename": "a.png", "preview": value}
            query["channel"] = channel
            response = await client.get("/view", params=query)
            shown = response.content_type if response.ok else ""
            line = f"{value:9} {channel:6} {response.status} {shown}"
            print(line.rstrip())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
