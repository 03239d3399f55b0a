"""Show which condition decides when a request carries several."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:words]
WORDS = {
    "this": '"140f22fe10510000-8"',  # the file's own
    "other": '"other"',
    "equal": "Wed, 21 Oct 2015 07:28:00 GMT",  # the file's own
    "older": "Wed, 21 Oct 2015 07:27:59 GMT",
}
# --8<-- [end:words]
TABLE = """\
If-Match  If-Unmodified-Since  If-None-Match  If-Modified-Since
other     -                    this           -
this      older                -              -
-         older                this           -
-         -                    this           older
-         -                    other          equal
-         -                    -              equal
-         -                    -              older"""


def build_app(folder: Path) -> web.Application:
    """Return an application that serves one file of a known date."""
    style = folder / "style.css"
    style.write_bytes(b"body {}\n")
    os.utime(style, (1_445_412_480,) * 2)
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    return app


def conditions(fields: list[str], row: list[str]) -> dict[str, str]:
    """Return the header fields that a row of words stands for."""
    cells = zip(fields, row, strict=True)
    return {field: WORDS[word] for field, word in cells if word != "-"}


async def main() -> None:
    head, *rows = TABLE.splitlines()
    print(head)
    with TemporaryDirectory() as folder:
        app = build_app(Path(folder))
        async with TestClient(TestServer(app)) as client:
            # --8<-- [start:call]
            for row in rows:
                headers = conditions(head.split(), row.split())
                response = await client.get(
                    "/style.css", headers=headers
                )
                print(f"{row:65}{response.status}")
            # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
