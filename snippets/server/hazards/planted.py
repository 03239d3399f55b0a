"""Show a page of somebody else put onto the server, and served."""

import asyncio

from aiohttp import FormData

from snippets.server.hazards.whole import running

# --8<-- [start:planted]
SCRIPT = (
    b'<svg xmlns="http://www.w3.org/2000/svg">'
    b"<script>document.title = origin</script></svg>"
)
STRANGER = {"Origin": "null"}  # a page in a frame with sandbox
TOLD = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
)


async def main() -> None:
    async with running() as whole:
        form = FormData()
        form.add_field("image", SCRIPT, filename="cat.svg")
        answer = await whole.client.post(
            "/upload/image", data=form, headers=STRANGER
        )
        print(answer.status, await answer.text())
        answer = await whole.client.get(
            "/view?filename=cat.svg&type=input"
        )
        for name in TOLD:
            print(f"{name}: {answer.headers.get(name)}")


# --8<-- [end:planted]
if __name__ == "__main__":
    asyncio.run(main())
