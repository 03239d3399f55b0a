"""Show what the server holds before it serves anything."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from snippets.server.application.settings import Settings, scratch
from snippets.server.application.types_map import teach
from snippets.server.application.web_app import build_app
from snippets.server.prompt_queue.history import History
from snippets.server.prompt_queue.part import PromptQueue
from snippets.server.publishing.part import Publisher


# --8<-- [start:server]
class PromptServer(Publisher):
    """The state that all handlers share.

    Source: ComfyUI v0.3.10, server.py 147–184.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()  # loop, messages, sockets
        teach(".js", "application/javascript; charset=utf-8")
        self.settings = settings
        self.queue = PromptQueue(self.queue_updated)
        self.history = History()
        self.interrupted = threading.Event()
        self.extensions: dict[str, Path] = {}  # scripts, by name
        self.rewriters: list[Callable[[Any], Any]] = []
        self.number = 0
        self.client_id: str | None = None  # whose prompt is running
        self.last_node_id: str | None = None
        self.last_prompt_id: str | None = None
        self.app = build_app(settings)
        self.app[SERVER] = self

    def queue_info(self) -> dict[str, Any]:
        """Return how many prompts wait or run, as clients see it."""
        left = self.queue.remaining()
        return {"exec_info": {"queue_remaining": left}}

    def queue_updated(self) -> None:
        """Tell all clients how many prompts are left."""
        self.send_sync("status", {"status": self.queue_info()})


SERVER = web.AppKey("SERVER", PromptServer)


# --8<-- [end:server]
async def main() -> None:
    server = PromptServer(scratch())
    print(server.queue_info(), len(server.app.router.routes()))


if __name__ == "__main__":
    asyncio.run(main())
