"""Show JSON under no-cache, loaded thrice, without and with a tag."""

import asyncio
import hashlib
import json

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from snippets.http.caching.browser import Browser

NODES = ["KSampler", "VAEDecode"]
NO_CACHE = {"Cache-Control": "no-cache"}


# --8<-- [start:handlers]
async def plain(request: web.Request) -> web.Response:
    return web.json_response(NODES, headers=NO_CACHE)


async def tagged(request: web.Request) -> web.Response:
    """Send the list, unless the browser has it already."""
    # --8<-- [start:gap]
    text = json.dumps(NODES)
    tag = hashlib.sha256(text.encode()).hexdigest()
    if tag in {sent.value for sent in request.if_none_match or ()}:
        response = web.Response(status=304, headers=NO_CACHE)
    else:
        response = web.json_response(text=text, headers=NO_CACHE)
    response.etag = tag
    return response
    # --8<-- [end:gap]


# --8<-- [end:handlers]
# --8<-- [start:call]
async def load_thrice(handler: Handler) -> None:
    """Load twice, and with one node more; print the responses."""
    app = web.Application()
    app.router.add_get("/", handler)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        browser = Browser(session)
        await browser.load()
        await browser.load()
        NODES.append("LoadImage")
        await browser.load()
        NODES.pop()
    print(f"{handler.__name__}:", *browser.responses)


async def main() -> None:
    for handler in (plain, tagged):
        await load_thrice(handler)


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
