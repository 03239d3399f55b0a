"""Show the start page at `/`, as a file, and when it is missing."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import ClientSession

from snippets.recreation.serving import serving


# --8<-- [start:visit]
async def show(client: ClientSession, path: str) -> None:
    """Print the status and `Cache-Control` of a response."""
    response = await client.get(path)
    rule = response.headers.get("Cache-Control")
    print(f"{path:12}{response.status} {rule}")


async def visit(page: Path) -> None:
    """Ask for the page before and after it is deleted."""
    flags = "--front-end-root", str(page.parent)
    async with serving(*flags, worker=False) as served:
        await show(served.client, "/")
        await show(served.client, "/index.html")
        await asyncio.to_thread(page.unlink)
        await show(served.client, "/")


# --8<-- [end:visit]
def main() -> None:
    with tempfile.TemporaryDirectory() as web_root:
        page = Path(web_root, "index.html")
        page.write_text("hello")
        asyncio.run(visit(page))


if __name__ == "__main__":
    main()
