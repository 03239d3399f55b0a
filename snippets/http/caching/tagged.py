"""Show JSON under no-cache, loaded twice, without and with an ETag."""

import asyncio
import hashlib

from aiohttp import ClientSession, ETag, web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from snippets.http.caching.browser import Browser

NODES = '["KSampler", "VAEDecode"]'
ASK = {"Cache-Control": "no-cache"}


# --8<-- [start:handlers]
async def plain(request: web.Request) -> web.Response:
    """Send the list."""
    return web.json_response(text=NODES, headers=ASK)


async def tagged(request: web.Request) -> web.Response:
    """Send the list, unless the browser holds this very one."""
    tag = hashlib.sha256(NODES.encode()).hexdigest()
    if ETag(tag) in (request.if_none_match or ()):
        response = web.Response(status=304, headers=ASK)
    else:
        response = web.json_response(text=NODES, headers=ASK)
    response.etag = tag
    return response


# --8<-- [end:handlers]
async def converse(handler: Handler) -> None:
    """Load twice; print what came."""
    app = web.Application()
    app.router.add_get("/", handler)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        browser = Browser(session)
        await browser.load()
        await browser.load()
    print(f"{handler.__name__}:", *browser.came)


async def main() -> None:
    for handler in (plain, tagged):
        await converse(handler)


if __name__ == "__main__":
    asyncio.run(main())
