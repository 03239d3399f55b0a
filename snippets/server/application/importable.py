"""Show a node pack that can be imported without a server."""

import asyncio

from aiohttp import web

from snippets.recreation.server import PromptServer


# --8<-- [start:import]
def import_custom_node() -> None:
    """Add a route if there is a server to add it to."""
    # --8<-- [start:gap]
    if not hasattr(PromptServer, "instance"):
        return

    @PromptServer.instance.routes.get("/hello")
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    # --8<-- [end:gap]


# --8<-- [end:import]
# --8<-- [start:main]
async def main() -> None:
    import_custom_node()
    print("in a test: imported")
    server = PromptServer(asyncio.get_running_loop())
    own = len(server.routes)
    import_custom_node()
    print("in ComfyUI:", len(server.routes) - own, "route")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
