"""Show which dates the two date conditions accept."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

CHANGED = 1_445_412_480  # Wed, 21 Oct 2015 07:28:00 GMT
# --8<-- [start:dates]
DATES = (
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "Wed, 21 Oct 2015 07:27:59 GMT",
    "yesterday",
    "2099-10-21",
    "Mon, 21 Oct 2015 07:28:00 GMT",
    "Wed, 21 Oct 2015 07:28:00 +0200",
)
# --8<-- [end:dates]
FIELDS = ("If-Modified-Since", "If-Unmodified-Since")


def build_app(folder: Path, changed: int = CHANGED) -> web.Application:
    """Return an application that serves one file of a known date."""
    (folder / "style.css").touch()
    os.utime(folder / "style.css", (changed, changed))
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    return app


async def statuses(app: web.Application, date: str) -> list[int]:
    """Return what each of the fields gets with this date."""
    async with TestClient(TestServer(app)) as client:
        return [
            (await client.get("/style.css", headers={f: date})).status
            for f in FIELDS
        ]


async def main() -> None:
    print(f"{'':31}", *FIELDS)
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for date in DATES:
            app = build_app(Path(folder))
            first, second = await statuses(app, date)
            print(f"{date:31} {first:<17} {second}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
