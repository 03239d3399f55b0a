"""Show what the history keeps of a prompt that failed."""

import asyncio
from typing import Any

from snippets.server.prompt_queue.waiting import Item
from snippets.server.toy_nodes.demo import build_demo
from snippets.server.toy_nodes.run import Run


# --8<-- [start:outcome]
def outcome(run: Run, item: Item) -> dict[str, Any]:
    """Return an entry of the history.

    Source: ComfyUI v0.3.10, execution.py 515–526 and 908–925.
    """
    success = run.messages[-1][0] == "execution_success"
    names = "node_id", "display_node", "real_node_id"
    return {
        "prompt": item,
        "outputs": run.shown,
        "status": {
            "status_str": "success" if success else "error",
            "completed": success,
            "messages": run.messages,
        },
        "meta": {
            node: {**dict.fromkeys(names, node), "parent_node": None}
            for node in run.shown
        },
    }


# --8<-- [end:outcome]
async def main() -> None:
    node = {"class_type": "Fail", "inputs": {"message": "no"}}
    item: Item = (0, "p", {"1": node}, {}, ["1"])
    run = Run(build_demo(), item)
    run.run()
    status = outcome(run, item)["status"]
    print(status["status_str"], status["completed"])
    for event, data in status["messages"]:
        print(event, data.get("node_type", ""))


if __name__ == "__main__":
    asyncio.run(main())
