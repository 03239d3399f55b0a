"""Show JSON under no-cache, loaded twice, without and with an ETag."""

import asyncio
import hashlib

from aiohttp import ClientSession, ETag, web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from snippets.http.caching.browser import Browser

NODES = '["KSampler", "VAEDecode"]'
NO_CACHE = {"Cache-Control": "no-cache"}


# --8<-- [start:handlers]
async def plain(request: web.Request) -> web.Response:
    return web.json_response(text=NODES, headers=NO_CACHE)


async def tagged(request: web.Request) -> web.Response:
    """Send the list, unless the browser has it already."""
    # --8<-- [start:gap]
    tag = hashlib.sha256(NODES.encode()).hexdigest()
    if ETag(tag) in (request.if_none_match or ()):
        response = web.Response(status=304, headers=NO_CACHE)
    else:
        response = web.json_response(text=NODES, headers=NO_CACHE)
    response.etag = tag
    return response
    # --8<-- [end:gap]


# --8<-- [end:handlers]
# --8<-- [start:call]
async def load_twice(handler: Handler) -> None:
    """Load twice; print the responses."""
    app = web.Application()
    app.router.add_get("/", handler)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        browser = Browser(session)
        await browser.load()
        await browser.load()
    print(f"{handler.__name__}:", *browser.responses)


async def main() -> None:
    for handler in (plain, tagged):
        await load_twice(handler)


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
