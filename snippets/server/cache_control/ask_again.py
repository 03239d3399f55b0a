"""Show a middleware that has browsers ask before reusing a script."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:ask_again]
@web.middleware
async def ask_again(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Let scripts and styles be kept, but asked about each time."""
    response = await handler(request)
    if request.path.endswith((".js", ".css")):
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


# --8<-- [end:ask_again]
async def own(request: web.Request) -> web.Response:
    """Answer with a lifetime of its own."""
    return web.Response(headers={"Cache-Control": "max-age=60"})


def build_app(folder: Path) -> web.Application:
    """Return an application with static files at its root."""
    app = web.Application(middlewares=[ask_again])
    app.router.add_get("/own.js", own)
    app.router.add_static("/", folder)
    return app


async def show(folder: Path) -> None:
    """Ask as a browser does: with the tag, where it has one."""
    tags: dict[str, str | None] = {}
    async with TestClient(TestServer(build_app(folder))) as client:
        for name in ("app.js", "app.js", "logo.png", "own.js"):
            tag = tags.get(name)
            headers = {"If-None-Match": tag} if tag else {}
            answer = await client.get(f"/{name}", headers=headers)
            tags[name] = answer.headers.get("ETag")
            size = f"{len(await answer.read())} bytes"
            rule = answer.headers.get("Cache-Control", "-")
            print(f"{name:10}{answer.status}  {size:12}{rule}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for file in ("app.js", "logo.png"):
            Path(name, file).write_text("x" * 1000)
        asyncio.run(show(Path(name)))


if __name__ == "__main__":
    main()
