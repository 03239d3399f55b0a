"""Show under which name a file is stored for each `overwrite`."""

import asyncio

from snippets.recreation.serving import serving
from snippets.server.uploads.target import upload


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        for word in ("", "yes", "True", "true", "1"):
            content = word.encode()
            response = await upload(
                client, content, "a.txt", overwrite=word
            )
            print(f"{word:5}", (await response.json())["name"])


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
