"""Show in which order nodes run: each after what it needs."""

import asyncio
from typing import Any

from snippets.server.toy_nodes.demo import build_demo, told
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.reports import Reports


# --8<-- [start:nodes]
class NodeRun(Reports):
    """The nodes of one prompt, in the worker's thread.

    Source: ComfyUI v0.3.10, execution.py 249–415.
    """

    def given(self, name: str) -> dict[str, Any]:
        """Return a node's inputs; what nodes give, once they ran."""
        values = dict(self.prompt[name]["inputs"])
        for key, value in values.items():
            if isinstance(value, list):
                source, index = value
                if source not in self.results:
                    self.node(source)
                values[key] = self.results[source][index]
        return values

    def node(self, name: str) -> None:
        """Run a node, after those that it needs."""
        kind = KINDS[self.prompt[name]["class_type"]]
        given = self.given(name)
        self.current = name
        if self.server.client_id is not None:
            self.server.last_node_id = name
        self.node_says("executing", name)
        values = {key: given[key] for key in kind.inputs}
        result = self.results[name] = kind.run(self, **values)
        if result and not kind.outputs:
            self.shown[name] = result
            self.node_says("executed", name, output=result)


# --8<-- [end:nodes]
async def main() -> None:
    (server := build_demo()).client_id = "me"
    text = {"text": "a toy", "clip": ["load", 1]}
    load = {"ckpt_name": "toy"}
    prompt = {
        "say": {"class_type": "CLIPTextEncode", "inputs": text},
        "load": {
            "class_type": "CheckpointLoaderSimple",
            "inputs": load,
        },
    }
    NodeRun(server, "p", prompt).node("say")
    for event, data, _ in await told(server):
        print(event, data["node"])


if __name__ == "__main__":
    asyncio.run(main())
