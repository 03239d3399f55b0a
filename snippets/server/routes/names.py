"""Show which routes an extension may add, and which it may not."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.routes.part import add_routes


# --8<-- [start:tables]
async def ours(request: web.Request) -> web.Response:
    """Answer as the server does."""
    return web.Response(text="the server's")


async def theirs(request: web.Request) -> web.Response:
    """Answer as an extension would like to."""
    return web.Response(text="the extension's")


SERVER = [web.get("/queue", ours), web.post("/free", ours)]
EXTENSIONS = {
    "a path of its own": [web.get("/mine", theirs)],
    "the server's path": [web.get("/queue", theirs)],
    "one path twice": [web.post("/x", theirs), web.post("/x", theirs)],
    "a name": [web.get("/mine", theirs, name="mine")],
}
# --8<-- [end:tables]


# --8<-- [start:attempt]
async def attempt(routes: list[web.RouteDef], root: Path) -> str:
    """Add them behind the server's; return what the last answers."""
    server = PromptServer(Settings.below(root))
    try:
        add_routes(server, [*SERVER, *routes])
    except (RuntimeError, ValueError) as error:
        return repr(error).partition(",")[0]
    async with TestClient(TestServer(server.app)) as client:
        return await (await client.get(routes[-1].path)).text()


# --8<-- [end:attempt]
async def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        for what, routes in EXTENSIONS.items():
            print(f"{what}: {await attempt(routes, Path(root))}")


if __name__ == "__main__":
    asyncio.run(main())
