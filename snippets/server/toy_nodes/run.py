"""Show all that is told of one prompt, and kept of it."""

import asyncio
import time
from typing import Any

from snippets.server.application.part import PromptServer
from snippets.server.prompt_queue.waiting import Item
from snippets.server.toy_nodes.demo import build_demo
from snippets.server.toy_nodes.failures import Interrupted, told
from snippets.server.toy_nodes.node_run import NodeRun


# --8<-- [start:run]
class Run(NodeRun):
    """One prompt, from its start to success or failure.

    Source: ComfyUI v0.3.10, execution.py 417–531.
    """

    def __init__(self, server: PromptServer, item: Item) -> None:
        _, id, prompt, extra, self.outputs = item
        super().__init__(server, id, prompt)
        self.messages: list[tuple[str, dict[str, Any]]] = []
        server.interrupted.clear()
        has = "client_id" in extra  # any mapping, list or text
        server.client_id = extra["client_id"] if has else None
        server.last_prompt_id = id

    def tell(self, event: str, all: bool = False, **data: Any) -> None:
        """Say it, and keep it for the history."""
        now = int(time.time() * 1000)
        data = {"prompt_id": self.id, **data, "timestamp": now}
        self.messages.append((event, data))
        if self.server.client_id is not None or all:
            self.say(event, data)

    def run(self) -> None:
        """Run every output, and what it needs."""
        self.tell("execution_start")
        self.tell("execution_cached", nodes=[])
        try:
            for output in self.outputs:
                self.node(output)
            self.tell("execution_success")
        except Interrupted:
            self.tell("execution_interrupted", True, **self.place())
        except Exception as error:
            self.tell("execution_error", **self.place(), **told(error))
        self.server.last_node_id = None


# --8<-- [end:run]
async def main() -> None:
    prompt = {"1": {"class_type": "Fail", "inputs": {"message": "no"}}}
    run = Run(build_demo(), (0, "p", prompt, {}, ["1"]))
    run.run()
    print([event for event, _ in run.messages])


if __name__ == "__main__":
    asyncio.run(main())
