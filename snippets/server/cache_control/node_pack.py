"""Show a node pack that sets Cache-Control for its own files."""

import asyncio
import tempfile
from pathlib import Path
from unittest.mock import patch

from aiohttp import web

from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving

# --8<-- [start:set]
MINE = "/extensions/my_pack/"
KEPT = 200, 206, 304


async def set_cache_control(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Have `assets` kept for a year, all other files revalidated."""
    if not request.path.startswith(MINE):
        return
    value = "no-cache"
    if "/assets/" in request.path and response.status in KEPT:
        value = "max-age=31536000, immutable"
    response.headers["Cache-Control"] = value


def import_node_pack(_: object = None) -> None:
    """Do what the pack's `__init__.py` does when it is imported."""
    signal = PromptServer.instance.app.on_response_prepare
    signal.append(set_cache_control)


# --8<-- [end:set]
# --8<-- [start:main]
FILES = ("module.mjs", "assets/app-3f2a91bc.js")
MISSING = "assets/gone.js"


async def show() -> None:
    """Print each response's status and Cache-Control."""
    async with serving(
        prepare=import_node_pack, worker=False
    ) as served:
        for name in (*FILES, MISSING):
            response = await served.client.get(MINE + name)
            value = response.headers["Cache-Control"]
            print(response.status, name, value)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for file in FILES:
            Path(name, file).parent.mkdir(exist_ok=True)
            Path(name, file).touch()
        with patch.dict(EXTENSION_WEB_DIRS, my_pack=name):
            asyncio.run(show())


# --8<-- [end:main]
if __name__ == "__main__":
    main()
