"""Show what all clients are told while the queue changes."""

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


@asynccontextmanager
async def visiting(
    routes: Iterable[web.AbstractRouteDef],
) -> AsyncIterator[tuple[PromptServer, Client]]:
    """Serve these routes only; nothing runs the prompts."""
    with tempfile.TemporaryDirectory() as root:
        server = PromptServer(Settings.below(Path(root)))
    server.app.add_routes(routes)
    async with TestClient(TestServer(server.app)) as client:
        yield server, client


# --8<-- [start:told]
async def told(server: PromptServer) -> list[int]:
    """Return the counts that are on their way to the clients."""
    counts = []
    await asyncio.sleep(0)  # until they are in the queue
    while not server.messages.empty():
        _, data, _ = server.messages.get_nowait()
        counts.append(data["status"]["exec_info"]["queue_remaining"])
    return counts


async def main() -> None:
    async with visiting([]) as (server, _):
        for number, name in enumerate("abc"):
            server.queue.put((number, name, {}, {}, []))
        print("put a, b, c:", await told(server))
        server.queue.take()
        print("take a:", await told(server))
        for name in "abc":
            server.queue.delete(name)
            print(f"delete {name}:", await told(server))


# --8<-- [end:told]
if __name__ == "__main__":
    asyncio.run(main())
