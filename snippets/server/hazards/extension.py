"""Show two nodes of an extension, each of which ends the server."""

import asyncio
from collections.abc import Callable
from typing import Any

from PIL import Image

from snippets.server.hazards.one_post import outcome
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.nodes import Node

OURS = {"1": {"class_type": "Ours", "inputs": {}}}


# --8<-- [start:nodes]
def careless(run: Any) -> dict[str, Any]:
    """Show what JSON cannot hold."""
    return {"sizes": {512, 768}}


def glass(run: Any) -> None:
    """Show a preview that JPEG cannot hold."""
    picture = Image.new("RGBA", (64, 64))
    run.report(1, 1, ("JPEG", picture, None))


# --8<-- [end:nodes]
async def ends(work: Callable[..., Any], *clients: str) -> str:
    """Post a prompt with this node; say what that ends."""
    KINDS["Ours"] = Node(work, {})
    try:
        return await outcome(
            {"prompt": OURS, "client_id": "me"}, *clients
        )
    finally:
        del KINDS["Ours"]


# --8<-- [start:main]
async def main() -> None:
    for work in (careless, glass):
        print(f"{work.__name__}, alone:", await ends(work))
        print(f"{work.__name__}, seen:", await ends(work, "me"))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
