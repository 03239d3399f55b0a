"""Show which name a file gets when its own is taken."""

import asyncio

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving
from snippets.server.uploads.target import upload


# --8<-- [start:names]
async def upload_again() -> None:
    async with serving() as (_, client, *_):
        folder = folder_paths.get_input_directory()
        for content in (b"cat", b"dog", b"cat", b"dog", b"cow"):
            response = await upload(client, content, "a.tar.gz")
            name = (await response.json())["name"]
            stored = len(list(folder.iterdir()))
            print(content.decode(), name, stored, "stored")


# --8<-- [end:names]
async def main() -> None:
    await upload_again()


if __name__ == "__main__":
    asyncio.run(main())
