"""Show a small cache: a first load, one while fresh, one when stale."""

import asyncio
import time
from dataclasses import dataclass, field

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from snippets.http.caching.freshness import lifetime


# --8<-- [start:browser]
@dataclass
class Browser:
    """Keep one page as a browser does, and note what came for it."""

    session: ClientSession
    page: str = ""
    tag: str = ""
    fresh_until: float = 0
    came: list[str] = field(default_factory=list)

    async def load(self) -> str:
        """Return the page as kept, as confirmed, or anew."""
        if time.monotonic() < self.fresh_until:
            return self.page
        ask = {"If-None-Match": self.tag} if self.tag else {}
        async with self.session.get("/", headers=ask) as answer:
            body, told = await answer.text(), answer.headers
        self.came.append(f"{answer.status}:{len(body)}")
        if answer.status == 200:
            self.page = body
        self.fresh_until = time.monotonic() + lifetime(told)
        store = "no-store" not in told.get("Cache-Control", "")
        self.tag = told.get("ETag", "") if store else ""
        return self.page


# --8<-- [end:browser]
async def send(request: web.Request) -> web.FileResponse:
    """Send this file, to be kept for an hour."""
    headers = {"Cache-Control": "max-age=3600"}
    return web.FileResponse(__file__, headers=headers)


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", send)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        browser = Browser(session)
        for seconds in (0, 3000, 600):
            browser.fresh_until -= seconds
            await browser.load()
            print(f"{seconds:4} s later:", *browser.came)


if __name__ == "__main__":
    asyncio.run(main())
