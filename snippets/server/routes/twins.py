"""Show what becomes of a table of routes: each is added twice."""

import asyncio

from aiohttp import web

from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.server import PromptServer


# --8<-- [start:main]
class SmallServer(PromptServer):
    """A server whose table holds two routes and a folder."""

    def build_routes(self) -> web.RouteTableDef:
        """Return the table."""
        routes = web.RouteTableDef()
        routes.get("/")(self.get_root)
        routes.post("/free")(self.post_free)
        routes.static("/docs", ".")
        return routes


async def main() -> None:
    EXTENSION_WEB_DIRS["pack"] = "."
    server = SmallServer(asyncio.get_running_loop())
    server.add_routes()
    for resource in server.app.router.resources():
        methods = {route.method for route in resource} - {"HEAD"}
        plain = isinstance(resource, web.PlainResource)
        path = resource.canonical + "/…" * (not plain)
        print(f"{' '.join(sorted(methods)):10}{path}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
