"""Show a download resumed after its file has been replaced."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:resume]
REPLACED = ("ETag", 9), ("Last-Modified", 9), ("Last-Modified", 1)


async def resume(
    file: Path, name: str, seconds: int
) -> tuple[str, int, bytes]:
    """Fetch half, replace the file, fetch the rest; join the two."""
    app = web.Application()
    app.add_routes([web.static("/", file.parent)])
    async with TestClient(TestServer(app)) as client:
        await asyncio.to_thread(file.write_bytes, b"AAAA")
        os.utime(file, (5, 5))
        headers = {"Range": "bytes=0-1"}
        response = await client.get(f"/{file.name}", headers=headers)
        half = await response.read()
        if_range = response.headers[name]
        await asyncio.to_thread(file.write_bytes, b"BBBB")
        os.utime(file, (seconds, seconds))
        headers = {"Range": "bytes=2-", "If-Range": if_range}
        response = await client.get(f"/{file.name}", headers=headers)
        rest = await response.read()
        whole = half + rest if response.status == 206 else rest
        return if_range, response.status, whole


# --8<-- [end:resume]
async def main() -> None:
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for name, seconds in REPLACED:
            file = Path(folder, "film")
            found = await resume(file, name, seconds)
            if_range, status, whole = found
            print(f"{if_range:29} {seconds} {status} {whole.decode()}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
