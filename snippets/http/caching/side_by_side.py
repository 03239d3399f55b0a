"""Show eight loads, four hours apart, under four rules."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from snippets.http.caching.browser import Browser

HOURS = 3600
DAYS = 24 * HOURS
CONTROLS = "", "no-cache", "no-store", f"max-age={10 * HOURS}"


def save(file: Path, text: str, age: int = 0) -> None:
    """Write a file of a thousand bytes, changed so long ago."""
    file.write_text(text.ljust(1000))
    os.utime(file, (time.time() - age,) * 2)


# --8<-- [start:loads]
async def load_eight_times(
    file: Path, control: str, change: int
) -> list[str]:
    """Return how each load was answered; `!` marks a stale page."""

    async def send(request: web.Request) -> web.FileResponse:
        headers = {"Cache-Control": control} if control else {}
        return web.FileResponse(file, headers=headers)

    app, found = web.Application(), list[str]()
    app.router.add_get("/", send)
    save(file, "old", 9 * DAYS)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        browser = Browser(session)
        newest = "old"
        for load in range(8):
            if load == change:
                save(file, newest := "new")
            browser.responses.clear()
            page = await browser.load()
            stale = "!" if page.strip() != newest else ""
            found.append((*browser.responses, "copy")[0] + stale)
            browser.fresh_until -= 4 * HOURS  # as if they had passed
    return found


# --8<-- [end:loads]
# --8<-- [start:main]
def main() -> None:
    for change in (1, 2, 4, 9):
        for control in CONTROLS:
            with tempfile.NamedTemporaryFile() as file:
                path = Path(file.name)
                loads = load_eight_times(path, control, change)
                answers = asyncio.run(loads)
            print(change, f"{control or '(none)':13}", *answers)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
