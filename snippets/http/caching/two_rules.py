"""Show one server with two cache rules: hashed names, and the rest."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

# --8<-- [start:rules]
FOREVER = "max-age=31536000, immutable"


def rule(path: str, status: int) -> str:
    """Keep files whose name has a hash; ask about the rest."""
    found = status in (200, 206, 304)
    hashed = path.startswith("/assets/")
    return FOREVER if hashed and found else "no-cache"


@web.middleware
async def too_early(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Go by the status before the file has been looked for."""
    response = await handler(request)
    control = rule(request.path, response.status)
    response.headers["Cache-Control"] = control
    return response


# --8<-- [end:rules]
# --8<-- [start:signal]
async def in_time(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Go by the status that leaves."""
    control = rule(request.path, response.status)
    response.headers["Cache-Control"] = control


def build_app(folder: Path, *, signal: bool) -> web.Application:
    """Return a server of a bundle, its rules set early or in time."""
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets/app-3f2a91bc.js").write_text("1")
    (folder / "index.html").write_text("<!doctype html>")
    app = web.Application(middlewares=[] if signal else [too_early])
    if signal:
        app.on_response_prepare.append(in_time)
    app.router.add_static("/", folder)
    return app


# --8<-- [end:signal]
async def main() -> None:
    folder = tempfile.TemporaryDirectory()
    # --8<-- [start:call]
    paths = "/index.html", "/assets/app-3f2a91bc.js", "/assets/gone.js"
    for signal in (False, True):
        print("signal:" if signal else "middleware:")
        app = build_app(Path(folder.name), signal=signal)
        async with TestClient(TestServer(app)) as client:
            for path in paths:
                response = await client.get(path)
                control = response.headers["Cache-Control"]
                print(f"  {path:25}{response.status} {control}")
    # --8<-- [end:call]
    folder.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
