"""Show which requests depend on where the root folder is mounted."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

REQUESTS = (
    "GET /",
    "GET /models/loras",
    "GET /help.htm",
    "GET /none",
    "POST /none",
    "GET /extensions/pack/new.js",
    "GET /extensions/pack/old.js",
)


async def ok(request: web.Request) -> web.Response:
    return web.Response()


# --8<-- [start:app]
def build_app(base: Path, root_first: bool) -> web.Application:
    """Return an application with a folder at `/`, first or last."""
    for name in ("pack/new.js", "web/extensions/pack/old.js"):
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).touch()
    root = web.static("/", base / "web")
    others = [
        web.get("/", ok),
        web.get("/models/{folder}", ok),
        web.get("/{page}.htm", ok),
        web.static("/extensions/pack", base / "pack"),
    ]
    app = web.Application()
    app.add_routes([root, *others] if root_first else [*others, root])
    return app


# --8<-- [end:app]
async def statuses(app: web.Application) -> list[int]:
    """Send all requests; return the statuses."""
    async with TestClient(TestServer(app)) as client:
        lines = [line.split() for line in REQUESTS]
        return [(await client.request(*x)).status for x in lines]


async def main() -> None:
    # --8<-- [start:main]
    with TemporaryDirectory() as name:
        last = await statuses(build_app(Path(name), False))
        first = await statuses(build_app(Path(name), True))
    print("last  first")
    for row in zip(last, first, REQUESTS, strict=True):
        print(*row, sep="   ")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
