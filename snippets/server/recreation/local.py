"""Show the server for as long as a block lasts."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

from snippets.server.application.listen import listen
from snippets.server.application.part import PromptServer
from snippets.server.recreation.options import read_settings
from snippets.server.recreation.part import build
from snippets.server.toy_nodes.worker import start_worker


# --8<-- [start:serving]
@asynccontextmanager
async def running(server: PromptServer) -> AsyncIterator[web.AppRunner]:
    """Run the server with all that moves in it, then end it all."""
    worker = start_worker(server)
    publishing = asyncio.create_task(server.publish_loop())
    runner = await listen(server.app, server.settings)
    try:
        yield runner
    finally:
        server.queue.set_flag("stop", True)
        await asyncio.to_thread(worker.join)
        publishing.cancel()
        await runner.cleanup()


@asynccontextmanager
async def serving(*flags: str) -> AsyncIterator[ClientSession]:
    """Run it on a free port, flags as on the command line.

    Yields:
        A client whose addresses begin at the server's.
    """
    with tempfile.TemporaryDirectory() as root:
        settings = read_settings(Path(root), ["--port", "0", *flags])
        async with running(build(settings)) as runner:
            host, port = runner.addresses[0][:2]
            async with ClientSession(f"http://{host}:{port}") as client:
                yield client


# --8<-- [end:serving]
async def main() -> None:
    async with serving("--enable-cors-header") as client:
        for path in ("/", "/queue", "/view?filename=none.png"):
            answer = await client.get(path)
            print(answer.status, path, answer.content_type)


if __name__ == "__main__":
    asyncio.run(main())
