"""Show a small cache: a first load, a fresh one, a stale one."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from snippets.http.caching.freshness import lifetime


# --8<-- [start:browser]
@dataclass
class Browser:
    """Keep one page as a browser does, and log each response."""

    session: ClientSession
    page: str = ""
    tag: str = ""
    fresh_until: float = 0
    responses: list[str] = field(default_factory=list)

    async def load(self) -> str:
        """Return the page: kept, confirmed by a 304, or new."""
        if time.monotonic() < self.fresh_until:
            return self.page
        condition = {"If-None-Match": self.tag} if self.tag else {}
        async with self.session.get("/", headers=condition) as response:
            body, headers = await response.text(), response.headers
        self.responses.append(f"{response.status}:{len(body)}")
        if response.status == 200:
            self.page = body
        self.fresh_until = time.monotonic() + lifetime(headers)
        store = "no-store" not in headers.get("Cache-Control", "")
        self.tag = headers.get("ETag", "") if store else ""
        return self.page


# --8<-- [end:browser]
PAGE = web.AppKey("PAGE", Path)


async def send(request: web.Request) -> web.FileResponse:
    """Send the page, to be stored for an hour."""
    headers = {"Cache-Control": "max-age=3600"}
    return web.FileResponse(request.app[PAGE], headers=headers)


async def visit(page: Path) -> None:
    app = web.Application()
    app.router.add_get("/", send)
    app[PAGE] = page
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        # --8<-- [start:call]
        browser = Browser(session)
        for seconds in (0, 3000, 700):
            browser.fresh_until -= seconds  # as if they had passed
            await browser.load()
            print(f"{seconds:4} s later:", *browser.responses)
        # --8<-- [end:call]


async def main() -> None:
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text("<!doctype html><title>A page</title>" * 55)
        await visit(page)


if __name__ == "__main__":
    asyncio.run(main())
