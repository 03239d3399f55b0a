"""Show what three bad nodes do to the answer for all of them."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.serving import serving


# --8<-- [start:bad]
class Lister:
    """A node that looks into a folder whenever it is described."""

    RETURN_TYPES, OUTPUT_NODE = ("MODEL",), False

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """Offer the files of a folder that is not there."""
        return {"required": {"file": ([*Path("gone").iterdir()], {})}}


class Chooser(Lister):
    """A node whose description has a set in it."""

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"size": ("INT", {"values": {1, 2}})}}


class Endless(Lister):
    """A node whose input has no upper limit."""

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"size": ("INT", {"max": float("inf")})}}


BAD = {"raises": Lister, "not JSON": Chooser, "infinite": Endless}
# --8<-- [end:bad]


# --8<-- [start:report]
async def report(client: ClientSession, name: str) -> str:
    """Return how both routes answer while there is such a node."""
    with patch.dict(NODE_CLASS_MAPPINGS, {name: BAD[name]}):
        every = await client.get("/object_info")
        one = await client.get(f"/object_info/{name}")
        body = await every.text()
    known = len(json.loads(body)) if every.ok else 0
    more = ", with Infinity" if "Infinity" in body else ""
    return (
        f"/object_info {every.status}, {known} nodes{more}; "
        f"/object_info/{name} {one.status}"
    )


async def main() -> None:
    logging.disable()  # tracebacks
    async with serving(worker=False) as (_, client, *_):
        print(f"{len(NODE_CLASS_MAPPINGS)} nodes are good")
        for name in BAD:
            print(f"{name}:", await report(client, name))


# --8<-- [end:report]
if __name__ == "__main__":
    asyncio.run(main())
