"""Show a conversation with the server, one command at a time."""

import asyncio
import json
import logging
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import ClientSession

from snippets.server.recreation.local import running
from snippets.server.recreation.options import read_settings
from snippets.server.recreation.part import build
from snippets.server.recreation.talk import PROMPT
from snippets.server.try_it.errand import Said, obey
from snippets.server.try_it.guest import Guest
from snippets.server.try_it.traced import trace


# --8<-- [start:converse]
async def converse(
    receive: Callable[[], Awaitable[Said]],
    tell: Callable[[Said], None],
    port: int = 8188,
) -> None:
    """Run the server, and do what is asked until {} comes.

    Args:
        receive: waits for a command; {"do": "close"}, say.
        tell: takes what comes of it, and what the WebSocket brings.
        port: where the server listens; 0 means a free one.
    """
    with tempfile.TemporaryDirectory() as root:
        flags = read_settings(Path(root), ["--port", str(port)])
        ways = trace((server := build(flags)).app)
        async with running(server) as runner:
            host = "{}:{}".format(*runner.addresses[0])
            toy = json.loads(PROMPT.read_text("utf-8"))
            tell({"kind": "ready", "host": host, "prompt": toy})
            async with ClientSession(f"http://{host}") as client:
                guest = Guest(client, tell)
                while words := await receive():
                    tell(await obey(guest, ways, **words))


# --8<-- [end:converse]
async def main() -> None:
    logging.disable()
    send: Said = {"do": "send", "method": "POST", "path": "/none"}
    asked = asyncio.Queue[Said]()
    for words in (send, {"do": "close"}, {}):
        asked.put_nowait(words)

    def tell(said: Said) -> None:
        print(said["kind"], said.get("status"), said.get("way"))

    await converse(asked.get, tell, port=0)


if __name__ == "__main__":
    asyncio.run(main())
