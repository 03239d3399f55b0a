"""Show which name a file gets when its own is taken."""

import asyncio

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving
from snippets.server.uploads.round_trip import upload


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        folder = folder_paths.get_input_directory()
        for content in (b"cat", b"dog", b"cat", b"dog", b"cow"):
            response = await upload(client, content, "a.tar.gz")
            name = (await response.json())["name"]
            stored = len(list(folder.iterdir()))
            print(content.decode(), name, stored, "stored")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
