"""Show five responses that one static file gives by itself."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:requests]
REQUESTS = {
    "GET": {},
    "HEAD": {},
    "GET bytes 1-3": {"Range": "bytes=1-3"},
    "GET if changed": {"If-None-Match": "*"},
    "GET gzip": {"Accept-Encoding": "gzip"},
}
# --8<-- [end:requests]


# --8<-- [start:app]
def build_app(folder: Path) -> web.Application:
    """Return an application that serves a note and its packed copy."""
    (folder / "note.txt").write_bytes(b"hello")
    (folder / "note.txt.gz").write_bytes(b"packed")
    app = web.Application()
    app.add_routes([web.static("/", folder)])
    return app


# --8<-- [end:app]
def connect(
    app: web.Application,
) -> TestClient[web.Request, web.Application]:
    """Return a client that neither asks for gzip nor unpacks it."""
    return TestClient(
        TestServer(app),
        auto_decompress=False,
        skip_auto_headers=["Accept-Encoding"],
    )


async def main() -> None:
    with TemporaryDirectory() as folder:
        async with connect(build_app(Path(folder))) as client:
            # --8<-- [start:main]
            for name, fields in REQUESTS.items():
                response = await client.request(
                    name.split()[0], "/note.txt", headers=fields
                )
                length = response.headers.get("Content-Length", "-")
                text = await response.text() or "-"
                print(f"{name:16}{response.status}  {length}  {text}")
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
