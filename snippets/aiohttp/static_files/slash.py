"""Show which of four spellings of a script gets Cache-Control."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestServer

from snippets.aiohttp.static_files.traversal import ask
from snippets.recreation.server import cache_control

# --8<-- [start:paths]
PATHS = ("/app.js", "/app%2Ejs", "/app.js/", "/app.js%2F")
# --8<-- [end:paths]


def build_app(folder: Path) -> web.Application:
    """Return an application with one script behind the middleware."""
    (folder / "app.js").touch()
    app = web.Application(middlewares=[cache_control])
    app.add_routes([web.static("/", folder)])
    return app


async def main() -> None:
    with TemporaryDirectory() as folder:
        async with TestServer(build_app(Path(folder))) as server:
            # --8<-- [start:main]
            for path in PATHS:
                response = await asyncio.to_thread(ask, server, path)
                rule = response.headers["Cache-Control"] or "-"
                print(f"{path:11}{response.status}  {rule}")
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
