"""Show one server with two cache rules, and a 404 without a rule."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

FILES = ("index.html", "app.css", "assets/app-5d41402a.js")
PATHS = ("/", "/app.css", "/assets/app-5d41402a.js", "/assets/old.js")


# --8<-- [start:rules]
YEAR = "public, max-age=31536000, immutable"


async def set_rule(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Let hashed names be kept, and the rest be asked about."""
    if "Cache-Control" in response.headers:
        return  # the handler knows better
    hashed = request.path.startswith("/assets/")
    if response.status in (200, 206, 304):
        rule = YEAR if hashed else "no-cache"
        response.headers["Cache-Control"] = rule


def build_app(folder: Path) -> web.Application:
    """Return an application that serves a folder with both rules."""

    async def index(request: web.Request) -> web.FileResponse:
        return web.FileResponse(folder / "index.html")

    app = web.Application()
    app.on_response_prepare.append(set_rule)
    app.add_routes([web.get("/", index), web.static("/", folder)])
    return app


# --8<-- [end:rules]
def make_files(folder: Path) -> None:
    (folder / "assets").mkdir()
    for name in FILES:
        (folder / name).touch()


async def main() -> None:
    with TemporaryDirectory() as name:
        make_files(Path(name))
        server = TestServer(build_app(Path(name)))
        async with TestClient(server) as client:
            # --8<-- [start:main]
            for path in PATHS:
                response = await client.get(path)
                rule = response.headers.get("Cache-Control", "-")
                print(f"{path:25}{response.status} {rule}")
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
