"""Show three uploads of one name, saved in threads, none lost."""

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

FOLDER = web.AppKey("FOLDER", Path)


# --8<-- [start:save]
def save(folder: Path, name: str, data: bytes) -> str:
    """Write data to a file of its own; return the name it got.

    Source: Python documentation, `open`, mode "x"
    """
    # --8<-- [start:gap]
    wanted, number = Path(name), 0
    while True:
        try:
            with (folder / name).open("xb") as file:
                file.write(data)
            return name
        except FileExistsError:
            number += 1
            name = f"{wanted.stem} ({number}){wanted.suffix}"
    # --8<-- [end:gap]


async def upload(request: web.Request) -> web.Response:
    """Save the body in a thread, so that the event loop goes on."""
    folder, data = request.app[FOLDER], await request.read()
    name = await asyncio.to_thread(save, folder, "cat.png", data)
    return web.Response(text=name)


# --8<-- [end:save]
# --8<-- [start:main]
async def main() -> None:
    app = web.Application()
    app.router.add_post("/", upload)
    with tempfile.TemporaryDirectory() as folder:
        app[FOLDER] = Path(folder)
        async with TestClient(TestServer(app)) as client:
            sent = [
                client.post("/", data=x) for x in (b"a", b"b", b"c")
            ]
            await asyncio.gather(*sent)
        paths = sorted(app[FOLDER].iterdir())
        print(*(path.name for path in paths), sep=", ")
        print(*sorted(path.read_text() for path in paths))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
