"""Show what three loads of a file read under each Cache-Control."""

import asyncio
import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from snippets.http.caching.browser import Browser

CONTROLS = "no-cache", "no-store", "max-age=3600", ""


def save(file: Path, text: str) -> None:
    """Write a file of a thousand bytes; an old one ten days ago."""
    file.write_text(text.ljust(1000))
    if text == "old":
        then = (datetime.now() - timedelta(days=10)).timestamp()
        os.utime(file, (then, then))


def words(texts: list[str]) -> str:
    return " ".join(map(str.strip, texts))


def hours_fresh(browser: Browser) -> int:
    left = timedelta(seconds=browser.fresh_until - time.monotonic())
    return max(round(left / timedelta(hours=1)), 0)


# --8<-- [start:loads]
async def load_three_times(browser: Browser, file: Path) -> None:
    """Load a file three times; before the third it changes."""
    save(file, "old")
    read = [await browser.load(), await browser.load()]
    save(file, "new")
    read.append(await browser.load())
    hours = hours_fresh(browser)
    print(f"{hours:2} h  {words(read)} ", *browser.responses)


# --8<-- [end:loads]
async def try_rule(file: Path, control: str) -> None:
    """Serve a file with a Cache-Control, and load it."""

    async def send(request: web.Request) -> web.FileResponse:
        headers = {"Cache-Control": control} if control else {}
        return web.FileResponse(file, headers=headers)

    app = web.Application()
    app.router.add_get("/", send)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        print(f"{control or '(none)':13}", end="")
        await load_three_times(Browser(session), file)


def main() -> None:
    print("Cache-Control fresh  reads        responses")
    for control in CONTROLS:
        with tempfile.NamedTemporaryFile() as file:
            asyncio.run(try_rule(Path(file.name), control))


if __name__ == "__main__":
    main()
