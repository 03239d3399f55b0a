"""Show the same rule where the status is settled: in the signal."""

import asyncio
import logging
import tempfile
from pathlib import Path

from aiohttp import web

from snippets.server.cache_control.images import (
    NAMES,
    add_pictures,
    ask,
)
from snippets.server.cache_control.today import rule


# --8<-- [start:settle]
async def settle(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Go by the status that is about to leave."""
    # --8<-- [start:gap]
    if value := rule(request.path, response.status):
        response.headers.setdefault("Cache-Control", value)
    # --8<-- [end:gap]


# --8<-- [end:settle]
# --8<-- [start:main]
async def broken(request: web.Request) -> web.Response:
    """Fail."""
    raise ValueError


def main() -> None:
    logging.disable()  # a 500 is logged
    app = web.Application()
    app.on_response_prepare.append(settle)
    app.router.add_get("/broken.png", broken)
    with tempfile.TemporaryDirectory() as name:
        add_pictures(app, Path(name))
        names = [*NAMES, "broken"]
        print(*asyncio.run(ask(app, *names)), sep="\n")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
