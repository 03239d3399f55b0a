"""Show what a class attribute gives to code that has no object."""

import asyncio

from aiohttp import web

from snippets.recreation.server import PromptServer


# --8<-- [start:import]
def import_custom_node() -> None:
    """Add a route, as a module can while it is imported."""

    @PromptServer.instance.routes.get("/hello")
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello")


# --8<-- [end:import]
# --8<-- [start:main]
async def main() -> None:
    try:
        import_custom_node()
    except AttributeError as error:
        print("too early:", error)
    loop = asyncio.get_running_loop()
    first = PromptServer(loop)
    own = len(first.routes)
    import_custom_node()
    print("ready:", len(first.routes) - own, "route more")
    second = PromptServer(loop)
    import_custom_node()
    print("a second server:", len(second.routes) - own, "route more")
    print("the first: still", len(first.routes) - own)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
