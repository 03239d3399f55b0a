"""Show what becomes of a table of routes: each is added twice."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.routes.home import get_root, routes


# --8<-- [start:add]
def add_routes(
    server: PromptServer, table: Sequence[web.AbstractRouteDef]
) -> None:
    """Add each route below /api and as it is; then the files.

    Raises:
        ValueError: a route has a name; its twin has it already.

    Source: ComfyUI v0.3.10, server.py 697–721.
    """
    for route in table:
        if isinstance(route, web.RouteDef):
            twin = web.route(
                route.method,
                "/api" + route.path,
                route.handler,
                **route.kwargs,
            )
            server.app.add_routes([twin])
    server.app.add_routes(table)
    for name, folder in server.extensions.items():
        server.app.add_routes(
            [web.static(f"/extensions/{name}", folder)]
        )
    server.app.add_routes([web.static("/", server.settings.web_root)])


# --8<-- [end:add]
# --8<-- [start:main]
async def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        server = PromptServer(Settings.below(Path(root)))
        server.extensions["pack"] = Path(root)
        table = [*routes, web.post("/free", get_root)]
        add_routes(server, [*table, web.static("/docs", root)])
    for route in server.app.router.routes():
        if route.method != "HEAD" and route.resource:
            files = isinstance(route.resource, web.StaticResource)
            path = route.resource.canonical + "/…" * files
            print(f"{route.method:5}{path}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
