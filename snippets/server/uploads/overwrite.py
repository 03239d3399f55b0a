"""Show which values of `overwrite` replace a file."""

import asyncio

from snippets.recreation.serving import serving
from snippets.server.uploads.target import upload


# --8<-- [start:overwrite]
async def upload_over() -> None:
    async with serving() as (_, client, *_):
        for word in ("", "yes", "True", "true", "1"):
            content = word.encode()
            response = await upload(
                client, content, "a.txt", overwrite=word
            )
            print(f"{word:5}", (await response.json())["name"])


# --8<-- [end:overwrite]
async def main() -> None:
    await upload_over()


if __name__ == "__main__":
    asyncio.run(main())
