"""Show changes that a date or a tag misses, and one that is none."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:changes]
BEFORE = (b"red", 5.2)  # the file's bytes, and when it was written
AFTER = (
    (b"green", 5.5),
    (b"tan", 5.2),
    (b"blue", 1.0),
    (b"red", 9.0),
)
# --8<-- [end:changes]
PAIRS = {"If-Modified-Since": "Last-Modified", "If-None-Match": "ETag"}


def write(file: Path, content: bytes, seconds: float) -> None:
    """Write a file; set its time, in seconds since 1970."""
    file.write_bytes(content)
    os.utime(file, (seconds, seconds))


async def statuses(file: Path, after: tuple[bytes, float]) -> list[int]:
    """Fetch a file, write it again, ask with each condition."""
    app = web.Application()
    app.add_routes([web.static("/", file.parent)])
    async with TestClient(TestServer(app)) as client:
        write(file, *BEFORE)
        known = (await client.get(f"/{file.name}")).headers
        write(file, *after)
        found = []
        for field, validator in PAIRS.items():
            headers = {field: known[validator]}
            response = await client.get(
                f"/{file.name}", headers=headers
            )
            found.append(response.status)
        return found


async def main() -> None:
    print(f"{'':24}", *PAIRS)
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for after in AFTER:
            file = Path(folder, "style.css")
            first, second = await statuses(file, after)
            words = [
                f"{text.decode()} {at}" for text, at in (BEFORE, after)
            ]
            print(f"{' -> '.join(words):24} {first:<17} {second}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
