"""Show which scripts the front end is told to load."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from snippets.recreation import nodes
from snippets.recreation.serving import serving
from snippets.server.introspection.models import write

# --8<-- [start:asked]
FILES = """
    web/extensions/core.js web/other.js pack/a.js pack/a#b.js pack/C.JS
    pack/.cache/hidden.js pack/module.mjs
""".split()  # noqa: SIM905


async def main() -> None:
    with TemporaryDirectory() as name:
        write(Path(name), dict.fromkeys(FILES, b""))
        with patch.dict(nodes.EXTENSION_WEB_DIRS, pack=f"{name}/pack"):
            flags = "--front-end-root", f"{name}/web"
            async with serving(*flags, worker=False) as (_, client, *_):
                response = await client.get("/extensions")
                print(*sorted(await response.json()), sep="\n")


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
