"""Show the server of the demonstrations: in a temporary folder."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings


# --8<-- [start:demo]
def build_demo() -> PromptServer:
    """Return a server whose folders are gone already."""
    with tempfile.TemporaryDirectory() as name:
        return PromptServer(Settings.below(Path(name)))


async def told(server: PromptServer) -> list[tuple[Any, Any, Any]]:
    """Return the messages that wait to be sent, and forget them."""
    await asyncio.sleep(0)  # let the loop take what threads left
    count = server.messages.qsize()
    return [server.messages.get_nowait() for _ in range(count)]


# --8<-- [end:demo]
async def main() -> None:
    server = build_demo()
    server.queue_updated()
    server.send_sync("executing", {"node": "1"}, "me")
    for event, data, sid in await told(server):
        print(sid or "all", event, data)


if __name__ == "__main__":
    asyncio.run(main())
