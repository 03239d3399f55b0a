"""Show an upload, and how to get back what was stored."""

import asyncio

from aiohttp import ClientResponse, ClientSession, FormData

from snippets.recreation.serving import serving


# --8<-- [start:main]
async def upload(
    client: ClientSession, content: bytes, filename: str, **fields: str
) -> ClientResponse:
    """Send a file and more fields to the server, as a form."""
    form = FormData(fields, quote_fields=False)  # else `/` is `%2F`
    form.add_field("image", content, filename=filename)
    return await client.post("/upload/image", data=form)


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
