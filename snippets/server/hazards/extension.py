"""Show two nodes of an extension, each of which ends the server."""

import asyncio
from typing import Any
from unittest.mock import patch

from PIL import Image

from snippets.recreation import nodes, utils
from snippets.server.hazards.one_post import outcome

OURS = {"1": {"class_type": "Ours", "inputs": {}}}


# --8<-- [start:nodes]
class OutputNode:
    """An output node that takes nothing."""

    RETURN_TYPES = ()
    FUNCTION = "work"
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """Return what it takes."""
        return {"required": {}}


class Careless(OutputNode):
    """Shows what JSON cannot hold."""

    def work(self) -> dict[str, Any]:
        """Return a set inside a list."""
        return {"ui": {"sizes": [{512, 768}]}}


class Glass(OutputNode):
    """Shows a preview that JPEG cannot hold."""

    def work(self) -> dict[str, Any]:
        """Send a picture with an alpha channel."""
        preview = "JPEG", Image.new("RGBA", (64, 64)), None
        utils.ProgressBar(1).update_absolute(1, preview=preview)
        return {}


# --8<-- [end:nodes]
# --8<-- [start:ends]
async def ends(node: type[OutputNode], *clients: str) -> str:
    """Post a prompt with this node; say what that ends."""
    body = {"prompt": OURS, "client_id": "me"}
    with patch.dict(nodes.NODE_CLASS_MAPPINGS, Ours=node):
        return await outcome(body, *clients)


# --8<-- [end:ends]
# --8<-- [start:main]
async def main() -> None:
    for node in (Careless, Glass):
        print(f"{node.__name__}, alone:", await ends(node))
        print(f"{node.__name__}, seen:", await ends(node, "me"))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
