"""Show a packed copy that is out of date, and one that is alone."""

import asyncio
import gzip
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:app]
def build_app(folder: Path) -> web.Application:
    """Return an application with two packed files, one plain."""
    (folder / "app.js").write_bytes(b"new")
    (folder / "app.js.gz").write_bytes(gzip.compress(b"old"))
    os.utime(folder / "app.js.gz", (0, 0))  # of 1970
    (folder / "lone.js.gz").write_bytes(gzip.compress(b"lone"))
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    return app


# --8<-- [end:app]
async def main() -> None:
    with TemporaryDirectory() as folder:
        server = TestServer(build_app(Path(folder)))
        async with TestClient(server) as client:
            # --8<-- [start:main]
            for name in ("app.js", "lone.js"):
                for coding in ("identity", "gzip"):
                    headers = {"Accept-Encoding": coding}
                    response = await client.get(name, headers=headers)
                    text = await response.text() or "-"
                    print(f"{name:8} {coding:8}", response.status, text)
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
