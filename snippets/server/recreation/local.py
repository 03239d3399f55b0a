"""Show the server for as long as a block lasts."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from snippets.server.application.listen import listen
from snippets.server.recreation.options import read_settings
from snippets.server.recreation.part import build
from snippets.server.toy_nodes.worker import start_worker


# --8<-- [start:serving]
@asynccontextmanager
async def serving(*flags: str) -> AsyncIterator[ClientSession]:
    """Run the server on a free port; yield a client for it.

    Args:
        flags: as on the command line.
    """
    with tempfile.TemporaryDirectory() as root:
        settings = read_settings(Path(root), ["--port", "0", *flags])
        server = build(settings)
        worker = start_worker(server)
        runner = await listen(server.app, settings)
        publishing = asyncio.create_task(server.publish_loop())
        host, port = runner.addresses[0][:2]
        async with ClientSession(f"http://{host}:{port}") as client:
            yield client
        server.queue.set_flag("stop", True)
        await asyncio.to_thread(worker.join)
        publishing.cancel()
        await runner.cleanup()


# --8<-- [end:serving]
async def main() -> None:
    async with serving("--enable-cors-header") as client:
        for path in ("/", "/queue", "/view?filename=none.png"):
            answer = await client.get(path)
            print(answer.status, path, answer.content_type)


if __name__ == "__main__":
    asyncio.run(main())
