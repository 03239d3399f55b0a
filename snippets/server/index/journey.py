"""Show where a prompt goes, in which thread, and what waits."""

import asyncio
import json
import logging
import threading
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from snippets.recreation.execution import PromptQueue
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import (
    SMALL_PROMPT,
    example_prompt,
    serving,
)

# --8<-- [start:prompts]
PROMPTS: dict[str, Any] = {
    "runs": example_prompt(),
    "raises": SMALL_PROMPT,
    "refused": {"1": {"class_type": "Fail", "inputs": {}}},
    "deleted": SMALL_PROMPT,
}
ENDS = "execution_success", "execution_error"


# --8<-- [end:prompts]
# --8<-- [start:server]
class NotedServer(PromptServer):
    """A server that notes what is done, where, and what waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.steps: list[str] = []
        self.thread = threading.current_thread()
        self.answered = threading.Event()

    def note(self, step: str, where: str = "") -> None:
        """Note the step, the thread, and how many prompts wait."""
        mine = threading.current_thread() is self.thread
        where = where or ("loop" if mine else "worker")
        waiting = len(self.prompt_queue.queue)
        self.steps.append(f"{step} {where} {waiting}")

    def trigger_on_prompt(self, json_data: Any) -> Any:
        self.note("handlers reads")  # POST /prompt calls this first
        return super().trigger_on_prompt(json_data)

    def send_sync(
        self, event: Any, data: Any, sid: str | None = None
    ) -> None:
        if event in ENDS:
            self.note(f"prompt_worker {event}")
        super().send_sync(event, data, sid)


# --8<-- [end:server]
# --8<-- [start:queue]
class NotedQueue(PromptQueue):
    """Notes prompts; the worker gets none before the answer."""

    server: NotedServer

    def put(self, item: Any) -> None:
        super().put(item)
        self.server.note("PromptQueue put")

    def get(self, timeout: float | None = None) -> Any:
        self.server.answered.wait()
        if found := super().get(timeout):
            self.server.note("prompt_worker takes")
        return found

    def delete_queue_item(self, function: Any) -> bool:
        found = super().delete_queue_item(function)
        self.server.note("PromptQueue deletes")
        return found


# --8<-- [end:queue]
# --8<-- [start:messages]
class NotedMessages(asyncio.Queue[Any]):
    """Notes the message that says how a prompt ended."""

    server: NotedServer

    def put_nowait(self, message: Any) -> None:
        super().put_nowait(message)
        if message[0] in ENDS:
            self.server.note("messages put")

    async def get(self) -> Any:
        message = await super().get()
        if message[0] in ENDS:
            self.server.note("publish_loop gets")
        return message


# --8<-- [end:messages]
# --8<-- [start:trace]
def prepare(server: PromptServer) -> None:
    """Replace both queues."""
    assert isinstance(server, NotedServer)
    NotedQueue(server)
    server.messages = NotedMessages()
    server.messages.server = server


async def trace(case: str) -> list[str]:
    """Post one prompt; return what was noted."""
    async with (
        serving(server_class=NotedServer, prepare=prepare) as served,
        served.client.ws_connect("/ws?clientId=me") as ws,
    ):
        server, client, *_ = served
        assert isinstance(server, NotedServer)
        server.note("page posts", "client")
        body = {"prompt": PROMPTS[case], "client_id": "me"}
        response = await client.post("/prompt", json=body)
        server.note(f"page {response.status}", "client")
        answer = await response.json()
        if case == "deleted":
            ids = {"delete": [answer["prompt_id"]]}
            await client.post("/queue", json=ids)
        server.answered.set()
        if case in ("runs", "raises"):
            server.note(f"page {await end(ws)}", "client")
    return server.steps


# --8<-- [end:trace]
# --8<-- [start:main]
async def end(ws: ClientWebSocketResponse) -> str:
    """Return the message that says how the prompt ended."""
    event = ""
    while event not in ENDS:
        message = await ws.receive()
        if message.type == WSMsgType.TEXT:
            event = json.loads(message.data)["type"]
    return event


async def main() -> None:
    logging.disable()
    for case in PROMPTS:
        print(f"{case}: {', '.join(await trace(case))}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
