"""Show the worker: one prompt after the other, the lowest first."""

import asyncio
import threading
from typing import Any

from snippets.server.application.part import PromptServer
from snippets.server.prompt_queue.waiting import Item
from snippets.server.toy_nodes.demo import build_demo
from snippets.server.toy_nodes.outcome import outcome
from snippets.server.toy_nodes.run import Run


# --8<-- [start:work]
def run_prompt(server: PromptServer, item: Item) -> None:
    """Run a prompt; keep in the history how it went."""
    run = Run(server, item)
    run.run()
    server.history.add(run.id, outcome(run, item))
    server.queue.done(item)
    if server.client_id is not None:
        run.say("executing", {"node": None, "prompt_id": run.id})


def work(server: PromptServer) -> None:
    """Run prompts until the flag `stop` is set.

    Source: ComfyUI v0.3.10, main.py 154–207.
    """
    flags: dict[str, Any] = {}
    while "stop" not in flags:
        # not for ever: a flag set just before wakes nobody
        if item := server.queue.take(timeout=0.2):
            run_prompt(server, item)
        flags = server.queue.take_flags()


def start_worker(server: PromptServer) -> threading.Thread:
    """Start the thread; it does not keep the process alive."""
    thread = threading.Thread(target=work, args=[server], daemon=True)
    thread.start()
    return thread


# --8<-- [end:work]
async def main() -> None:
    server = build_demo()
    node = {"class_type": "Fail", "inputs": {"message": "no"}}
    for number, name in ((1, "later"), (0, "sooner")):
        server.queue.put((number, name, {"1": node}, {}, ["1"]))
    for _ in range(2):
        item = server.queue.take()
        assert item
        run_prompt(server, item)
    print(list(server.history))


if __name__ == "__main__":
    asyncio.run(main())
