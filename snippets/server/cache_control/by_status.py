"""Show v0.33.0's choice in a middleware, and in the signal."""

import asyncio
import logging
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

# --8<-- [start:choose]
ONE_HOUR, ONE_DAY = 3600, 86400  # seconds
IMG_EXTENSIONS = (
    *(".jpg", ".jpeg", ".png", ".webp", ".bmp"),
    *(".tif", ".tiff", ".ppm", ".pgm"),
)
KEPT = dict.fromkeys([*range(200, 207), 301, 308], ONE_DAY)
KEPT[404] = ONE_HOUR


def choose(path: str, status: int) -> str | None:
    """Return the value of Cache-Control for a response, if any.

    Args:
        path: the path of the request, without its query.
        status: the status that the handler gives back.

    Source: ComfyUI 2f35f4a0, middleware/cache_middleware.py, 22–53
    """
    name = path.rpartition("/")[2]
    index = name.startswith("index") and name.endswith(".json")
    if index or name.endswith((".js", ".css")):
        return "no-store"
    if not name.lower().endswith(IMG_EXTENSIONS):
        return None
    if status in KEPT:
        return f"public, max-age={KEPT[status]}"
    return "no-cache" if status in {302, 303, 307} else None


# --8<-- [end:choose]
@web.middleware
async def cache_control(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Add the value, unless the handler has set one of its own."""
    response = await handler(request)
    if value := choose(request.path, response.status):
        response.headers.setdefault("Cache-Control", value)
    return response


# --8<-- [start:settle]
async def settle(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Add the value, by the status that is about to be sent."""
    # --8<-- [start:gap]
    # A 304 has the value of its 200 (RFC 9110 §15.4.5).
    status = 200 if response.status == 304 else response.status
    if value := choose(request.path, status):
        response.headers.setdefault("Cache-Control", value)
    # --8<-- [end:gap]


# --8<-- [end:settle]
NAMES = "web/there", "web/missing", "returned", "unknown", "broken"


async def returned(request: web.Request) -> web.Response:
    """Return a 404."""
    return web.Response(status=404)


async def broken(request: web.Request) -> web.Response:
    """Fail."""
    raise ValueError


def build_app(folder: Path, signal: bool) -> web.Application:
    """Return an application with pictures.

    Args:
        folder: a folder for one picture.
        signal: whether the signal adds the value, or the middleware.
    """
    app = web.Application(middlewares=[] if signal else [cache_control])
    if signal:
        app.on_response_prepare.append(settle)
    (folder / "there.png").touch()
    app.router.add_get("/returned.png", returned)
    app.router.add_get("/broken.png", broken)
    app.router.add_static("/web", folder)
    return app


# --8<-- [start:main]
async def ask(app: web.Application) -> list[str]:
    """Request each picture; return its status and Cache-Control."""
    lines = []
    async with TestClient(TestServer(app)) as client:
        for name in NAMES:
            response = await client.get(f"/{name}.png")
            value = response.headers.get("Cache-Control", "-")
            lines.append(f"{name:12}{response.status}  {value}")
    return lines


async def main() -> None:
    logging.disable()  # a 500 is logged
    for signal in (False, True):
        print("in the signal:" if signal else "in a middleware:")
        with tempfile.TemporaryDirectory() as name:
            print(*await ask(build_app(Path(name), signal)), sep="\n")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
