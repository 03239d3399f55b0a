"""Show a node of one's own, and a prompt that has only this node."""

import asyncio
from typing import Any

from snippets.recreation.execution import PromptExecutor
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.serving import serving


# --8<-- [start:node]
class Shout:
    """Shows a text in capitals."""

    RETURN_TYPES = ()
    FUNCTION = "shout"
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """Return what it takes: a text."""
        return {"required": {"text": ("STRING", {})}}

    def shout(self, text: str) -> dict[str, Any]:
        """Return what to show."""
        return {"ui": {"text": [text.upper()]}}


# --8<-- [end:node]
# --8<-- [start:main]
async def main() -> None:
    NODE_CLASS_MAPPINGS["Shout"] = Shout
    inputs = {"text": "done"}
    prompt = {"1": {"class_type": "Shout", "inputs": inputs}}
    async with serving(worker=False) as (server, *_):
        executor = PromptExecutor(server)
        executor.execute(prompt, "p", {}, ["1"])
    print(executor.history_result["outputs"])


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
