"""Show the whole server, asked how much there is to do."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from aiohttp import ClientSession
from aiohttp.typedefs import Middleware

from snippets.server.application.listen import listen
from snippets.server.application.part import PromptServer
from snippets.server.recreation.options import read_settings
from snippets.server.recreation.part import build
from snippets.server.toy_nodes.worker import start_worker


# --8<-- [start:running]
class Whole(NamedTuple):
    """A server with all that moves in it, and a client."""

    server: PromptServer
    worker: threading.Thread
    publishing: asyncio.Task[None]
    client: ClientSession


@asynccontextmanager
async def running(*inner: Middleware) -> AsyncIterator[Whole]:
    """Run all of it on a free port, with middlewares added inside."""
    with TemporaryDirectory() as root:
        server = build(read_settings(Path(root), ["--port", "0"]))
        server.app.middlewares.extend(inner)
        worker = start_worker(server)
        publishing = asyncio.create_task(server.publish_loop())
        runner = await listen(server.app, server.settings)
        host, port = runner.addresses[0][:2]
        client = ClientSession(f"http://{host}:{port}")
        try:
            yield Whole(server, worker, publishing, client)
        finally:
            server.queue.set_flag("stop", True)
            server.interrupted.set()
            await asyncio.to_thread(worker.join)
            publishing.cancel()
            await asyncio.wait([publishing])
            await client.close()  # now that nobody sends to it
            await runner.cleanup()


# --8<-- [end:running]
async def main() -> None:
    async with running() as whole:
        answer = await whole.client.get("/prompt")
        print(answer.status, await answer.text())


if __name__ == "__main__":
    asyncio.run(main())
