"""Show who is connected to a small server, and for how long."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings

Client = TestClient[web.Request, web.Application]


# --8<-- [start:small]
@asynccontextmanager
async def small_server(
    routes: Iterable[web.AbstractRouteDef],
) -> AsyncIterator[tuple[PromptServer, Client]]:
    """Serve these routes and no others; nothing is published.

    Args:
        routes: as one part of the re-creation defines them.

    Yields:
        The server's state, and a client to talk to it.
    """
    with tempfile.TemporaryDirectory() as root:
        server = PromptServer(Settings.below(Path(root)))
        server.app.add_routes(routes)
        async with TestClient(TestServer(server.app)) as client:
            yield server, client


# --8<-- [end:small]
async def main() -> None:
    from snippets.server.websocket.part import routes

    async with small_server(routes) as (server, client):
        for name in ("one", "two"):
            await client.ws_connect(f"/ws?clientId={name}")
        print(list(server.sockets))
    print(list(server.sockets))


if __name__ == "__main__":
    asyncio.run(main())
