"""Show who gets gzip from aiohttp, and which responses have Vary."""

import asyncio
import gzip
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

TEXT = "hello"


# --8<-- [start:handler]
async def report(request: web.Request) -> web.Response:
    """Compress whenever the client says gzip."""
    response = web.Response(text=TEXT)
    response.enable_compression()
    return response


# --8<-- [end:handler]
def build_app(folder: Path) -> web.Application:
    """Return an application with one file and one handler."""
    folder.joinpath("page.txt").write_text(TEXT)
    packed = gzip.compress(TEXT.encode())
    folder.joinpath("page.txt.gz").write_bytes(packed)
    app = web.Application()
    app.router.add_get("/report", report)
    app.router.add_static("/files", folder)
    return app


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = TestServer(build_app(Path(folder)))
        async with TestClient(server) as client:
            # --8<-- [start:call]
            for path in ("/files/page.txt", "/report"):
                for codings in ("gzip", "gzip;q=0", "identity"):
                    headers = {"Accept-Encoding": codings}
                    response = await client.get(path, headers=headers)
                    print(f"{path:17}{codings:10}", end="")
                    for name in ("Content-Encoding", "Vary"):
                        print(response.headers.get(name, "-"), end=" ")
                    print(await response.text())
            # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
