"""Show a download resumed after its file has been replaced."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:resume]
IF_RANGE = (
    "ETag",  # the old file's
    "Last-Modified",  # the old file's
    "Fri, 01 Jan 2100 00:00:00 GMT",
)


async def resume(file: Path, name: str) -> tuple[str, int, bytes]:
    """Fetch half, replace the file, fetch the rest; join the two."""
    app = web.Application()
    app.add_routes([web.static("/", file.parent)])
    async with TestClient(TestServer(app)) as client:
        await asyncio.to_thread(file.write_bytes, b"AAAA")
        os.utime(file, (1, 1))
        headers = {"Range": "bytes=0-1"}
        response = await client.get(f"/{file.name}", headers=headers)
        half = await response.read()
        if_range = response.headers.get(name, name)
        await asyncio.to_thread(file.write_bytes, b"BBBB")
        headers = {"Range": "bytes=2-", "If-Range": if_range}
        response = await client.get(f"/{file.name}", headers=headers)
        rest = await response.read()
        whole = half + rest if response.status == 206 else rest
        return if_range, response.status, whole


# --8<-- [end:resume]
async def main() -> None:
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for name in IF_RANGE:
            file = Path(folder, "film")
            if_range, status, whole = await resume(file, name)
            print(f"{if_range:29} {status} {whole.decode()}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
