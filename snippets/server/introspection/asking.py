"""Show a server that has no routes yet, over empty folders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings

Client = TestClient[web.Request, web.Application]


# --8<-- [start:serving]
@asynccontextmanager
async def serving(
    table: web.RouteTableDef, files: dict[str, bytes]
) -> AsyncIterator[tuple[PromptServer, Client]]:
    """Serve some routes; the folders are gone afterwards.

    Args:
        table: the routes.
        files: what the folders hold, by path.
    """
    with TemporaryDirectory() as name:
        server = PromptServer(Settings.below(root := Path(name)))
        server.app.add_routes(table)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        async with TestClient(TestServer(server.app)) as client:
            yield server, client


async def ask(client: Client, start: str, *ends: str) -> None:
    """Print the status for each path, and how the answer begins."""
    for end in ends:
        answer = await client.get(start + end)
        first = (await answer.text()).partition("\n")[0]
        print(f"{answer.status} {end} {first}".rstrip())


# --8<-- [end:serving]
async def main() -> None:
    async with serving(web.RouteTableDef(), {}) as (_, client):
        await ask(client, "/", "models", "extensions")


if __name__ == "__main__":
    asyncio.run(main())
