"""Show which forms of a tag the two tag conditions accept."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:forms]
FORMS = (
    '"tag"',
    'W/"tag"',
    '"other", "tag"',
    "*",
    '"other"',
    "tag",
)
# --8<-- [end:forms]
FIELDS = ("If-None-Match", "If-Match")


def build_app(folder: Path) -> web.Application:
    """Return an application that serves one file."""
    (folder / "style.css").touch()
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    return app


async def statuses(app: web.Application, form: str) -> list[int]:
    """Put the file's tag into a form; return what each field gets."""
    async with TestClient(TestServer(app)) as client:
        headers = (await client.get("/style.css")).headers
        value = form.replace("tag", headers["ETag"].strip('"'))
        return [
            (await client.get("/style.css", headers={f: value})).status
            for f in FIELDS
        ]


async def main() -> None:
    print(f"{'':16}", *FIELDS)
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for form in FORMS:
            app = build_app(Path(folder))
            first, second = await statuses(app, form)
            print(f"{form:16} {first:<13} {second}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
