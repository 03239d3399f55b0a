"""Show which folders an upload may go to, and which it makes."""

import asyncio

from aiohttp import ClientResponse, ClientSession, FormData

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving


# --8<-- [start:upload]
async def upload(
    client: ClientSession, content: bytes, filename: str, **fields: str
) -> ClientResponse:
    """Send a file and more fields to the server, as a form."""
    form = FormData(fields, quote_fields=False)  # else `/` is `%2F`
    form.add_field("image", content, filename=filename)
    return await client.post("/upload/image", data=form)


# --8<-- [end:upload]
# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        for subfolder, filename in (
            ("sub", "a.png"),
            ("", "../a.png"),
            ("../input2", "a.png"),
            ("../evil", "../input/a.png"),
        ):
            response = await upload(
                client, b"cat", filename, subfolder=subfolder
            )
            print(f"{subfolder:10} {filename:15} {response.status}")
        root = folder_paths.get_input_directory().parent
        print("folders:", *sorted(path.name for path in root.iterdir()))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
