"""Show an extension with hazards 4, 5 and 20, for the console."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from yarl import URL

from snippets.recreation import nodes
from snippets.recreation.serving import serving
from snippets.server.hazards.extension import Careless, Glass


# --8<-- [start:installed]
@contextmanager
def installed() -> Iterator[None]:
    """Install two nodes, and a folder of scripts, for a block."""
    with (
        tempfile.TemporaryDirectory() as web,
        patch.dict(nodes.EXTENSION_WEB_DIRS, {"with blank": web}),
        patch.dict(
            nodes.NODE_CLASS_MAPPINGS, Careless=Careless, Glass=Glass
        ),
    ):
        Path(web, "pack.js").touch()
        yield


# --8<-- [end:installed]
# --8<-- [start:ask]
async def main() -> None:
    with installed():
        async with serving(worker=False) as (_, client, *_):
            listed = await (await client.get("/extensions")).json()
            for path in listed:
                response = await client.get(URL(path, encoded=True))
                print(response.status, path)


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
