"""Show an upload, and how to get back what was stored."""

import asyncio

from snippets.recreation.serving import serving
from snippets.server.uploads.target import upload


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        for content in (b"first", b"second"):
            response = await upload(client, content, "cat.png")
            place = await response.json()
            print("POST /upload/image ->", response.status, place)
            query = {**place, "filename": place["name"]}
            response = await client.get("/view", params=query)
            print(
                "GET /view ->", response.status, await response.read()
            )


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
