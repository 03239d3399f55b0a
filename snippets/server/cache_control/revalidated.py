"""Show a script requested twice, a picture, and a value kept."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


async def own(request: web.Request) -> web.Response:
    """Respond with a lifetime of its own."""
    return web.Response(headers={"Cache-Control": "max-age=60"})


def add_own(server: PromptServer) -> None:
    """Add a script that is no file."""
    server.routes.get("/own.js")(own)


# --8<-- [start:show]
async def show(folder: Path) -> None:
    """Request each file, with its tag once that is known."""
    tags: dict[str, str | None] = {}
    files = "--front-end-root", str(folder)
    async with serving(*files, prepare=add_own, worker=False) as served:
        for name in ("app.js", "app.js", "logo.png", "own.js"):
            tag = tags.get(name)
            response = await served.client.get(
                f"/{name}",
                headers={"If-None-Match": tag} if tag else {},
            )
            tags[name] = response.headers.get("ETag")
            size = f"{len(await response.read())} bytes"
            value = response.headers.get("Cache-Control", "-")
            print(f"{name:10}{response.status}  {size:12}{value}")


# --8<-- [end:show]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for file in ("app.js", "logo.png"):
            Path(name, file).write_text("x" * 1000)
        asyncio.run(show(Path(name)))


if __name__ == "__main__":
    main()
