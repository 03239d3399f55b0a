"""Show which routes an extension may add, and which it may not."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from snippets.recreation.serving import serving

Extension = Callable[[web.RouteTableDef], None]


# --8<-- [start:extensions]
async def theirs(request: web.Request) -> web.Response:
    """Answer as an extension would like to."""
    return web.Response(text="the extension's")


def own_path(routes: web.RouteTableDef) -> None:
    """Add a path that the server does not have."""
    routes.get("/mine")(theirs)


def path_of_the_server(routes: web.RouteTableDef) -> None:
    """Add a path that the server has."""
    routes.get("/prompt")(theirs)


def path_twice(routes: web.RouteTableDef) -> None:
    """Add one path and method twice."""
    routes.post("/mine")(theirs)
    routes.post("/mine")(theirs)


def name(routes: web.RouteTableDef) -> None:
    """Give a route a name, as aiohttp allows."""
    routes.get("/mine", name="mine")(theirs)


# --8<-- [end:extensions]
# --8<-- [start:attempt]
CASES = {
    own_path: "/mine",
    path_of_the_server: "/prompt",
    path_twice: "/mine",
    name: "/mine",
}


async def attempt(extension: Extension, path: str) -> str:
    """Return what a path answers with an extension, or the error."""
    try:
        async with serving(
            prepare=lambda server: extension(server.routes)
        ) as served:
            return await (await served.client.get(path)).text()
    except (RuntimeError, TypeError) as error:
        return f"{type(error).__name__}\n  {error}"


async def main() -> None:
    for extension, path in CASES.items():
        print(f"{extension.__name__}:", await attempt(extension, path))


# --8<-- [end:attempt]
if __name__ == "__main__":
    asyncio.run(main())
