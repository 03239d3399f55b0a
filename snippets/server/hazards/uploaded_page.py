"""Show a page of somebody else put onto the server, and served."""

import asyncio

from aiohttp import FormData

from snippets.recreation.serving import serving

# --8<-- [start:uploaded]
SCRIPT = (
    b'<svg xmlns="http://www.w3.org/2000/svg">'
    b"<script>document.title = origin</script></svg>"
)
STRANGER = {"Origin": "null"}  # a page in a frame with sandbox
SHOWN = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
)


async def main() -> None:
    async with serving() as (_, client, *_):
        form = FormData()
        form.add_field("image", SCRIPT, filename="cat.svg")
        response = await client.post(
            "/upload/image", data=form, headers=STRANGER
        )
        print(response.status, await response.text())
        response = await client.get("/view?filename=cat.svg&type=input")
        for name in SHOWN:
            print(f"{name}: {response.headers.get(name)}")


# --8<-- [end:uploaded]
if __name__ == "__main__":
    asyncio.run(main())
