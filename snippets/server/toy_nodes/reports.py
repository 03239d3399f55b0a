"""Show what a node at work tells, and to whom."""

import asyncio
from typing import Any

from snippets.server.application.part import PromptServer
from snippets.server.toy_nodes.demo import build_demo, told
from snippets.server.toy_nodes.failures import Interrupted
from snippets.server.wire_format.part import BinaryEvent


# --8<-- [start:reports]
class Reports:
    """What a prompt tells while it runs.

    Source: ComfyUI v0.3.10, main.py 217–226.
    """

    def __init__(
        self, server: PromptServer, id: str, prompt: Any
    ) -> None:
        self.server, self.id, self.prompt = server, id, prompt
        self.results: dict[str, Any] = {}  # what nodes give on
        self.shown: dict[str, Any] = {}  # what they show
        self.current = ""

    def say(self, event: Any, data: Any) -> None:
        """Send to the prompt's client; to all, if it names none."""
        self.server.send_sync(event, data, self.server.client_id)

    def report(self, value: int, total: int, preview: Any) -> None:
        """Tell how far a node is; raise Interrupted if it must end."""
        if self.server.interrupted.is_set():
            raise Interrupted
        data = {"value": value, "max": total, "prompt_id": self.id}
        self.say("progress", {**data, "node": self.server.last_node_id})
        self.say(BinaryEvent.UNENCODED_PREVIEW, preview)

    def node_says(self, event: str, node: str, **more: Any) -> None:
        """Tell what a node does, if the prompt names its client."""
        if self.server.client_id is not None:
            about = {"node": node, "display_node": node, **more}
            self.say(event, {**about, "prompt_id": self.id})

    def place(self) -> dict[str, Any]:
        """Return which node ran last, and which had run."""
        kind = self.prompt[self.current]["class_type"]
        done = {"executed": list(self.results)}
        return {"node_id": self.current, "node_type": kind, **done}


# --8<-- [end:reports]
async def main() -> None:
    server = build_demo()
    for server.client_id in ("me", None):
        Reports(server, "p", {}).report(1, 4, "(a picture)")
        for event, data, sid in await told(server):
            print(sid or "all", event, data)


if __name__ == "__main__":
    asyncio.run(main())
