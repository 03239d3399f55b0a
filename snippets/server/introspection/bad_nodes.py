"""Show what three bad nodes do to the answer for all of them."""

import asyncio
import json
import logging
import math
from pathlib import Path
from typing import Any
from unittest.mock import patch

from snippets.server.introspection.asking import Client, serving
from snippets.server.introspection.object_info import routes
from snippets.server.toy_nodes.kinds import KINDS
from snippets.server.toy_nodes.nodes import Node


# --8<-- [start:bad]
class Lister:
    """A node that looks into a folder whenever it is described."""

    outputs = ("MODEL",)

    @property
    def inputs(self) -> dict[str, Any]:
        """Offer the files of a folder that is not there."""
        folder = Path("no such folder")
        return {"file": ([x.name for x in folder.iterdir()], {})}


BAD: dict[str, Any] = {
    "raises": Lister(),
    "not JSON": Node(print, {"mode": ("ENUM", {"values": {1, 2}})}),
    "infinite": Node(print, {"size": ("INT", {"max": math.inf})}),
}
# --8<-- [end:bad]


# --8<-- [start:report]
async def report(client: Client, name: str) -> str:
    """Return how both routes answer while there is such a node."""
    with patch.dict(KINDS, {name: BAD[name]}):
        every = await client.get("/object_info")
        one = await client.get(f"/object_info/{name}")
        body = await every.text()
    known = len(json.loads(body)) if every.ok else 0
    more = ", with Infinity" if "Infinity" in body else ""
    return f"all {every.status}, {known} nodes{more}; it {one.status}"


# --8<-- [end:report]
async def main() -> None:
    logging.disable()  # tracebacks
    async with serving(routes, {}) as (_, client):
        print(f"{len(KINDS)} nodes are good")
        for name in BAD:
            print(f"{name}:", await report(client, name))


if __name__ == "__main__":
    asyncio.run(main())
