"""Show a tag made from the bytes: it changes exactly when they do."""

import asyncio
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.conditional_requests.handler import known
from snippets.http.conditional_requests.missed import (
    AFTER,
    BEFORE,
    write,
)

FILE = web.AppKey("FILE", Path)


# --8<-- [start:page]
async def page(request: web.Request) -> web.Response:
    """Send the file, or 304 if the client has the same bytes."""
    # --8<-- [start:gap]
    content = await asyncio.to_thread(request.app[FILE].read_bytes)
    tag = sha256(content).hexdigest()
    if known(request, tag):
        response = web.Response(status=304)
    else:
        response = web.Response(body=content)
    response.etag = tag
    return response
    # --8<-- [end:gap]


# --8<-- [end:page]
async def status(file: Path, after: tuple[bytes, float]) -> int:
    """Fetch a file, write it again, ask with its first tag."""
    app = web.Application()
    app[FILE] = file
    app.router.add_get("/", page)
    async with TestClient(TestServer(app)) as client:
        write(file, *BEFORE)
        tag = (await client.get("/")).headers["ETag"]
        write(file, *after)
        headers = {"If-None-Match": tag}
        return (await client.get("/", headers=headers)).status


async def main() -> None:
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for after in AFTER:
            words = [
                f"{text.decode()} {at}" for text, at in (BEFORE, after)
            ]
            found = await status(Path(folder, "style.css"), after)
            print(f"{' -> '.join(words):24} {found}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
