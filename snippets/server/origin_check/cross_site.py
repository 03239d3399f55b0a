"""Show what v0.33.0 refuses before it compares Host and Origin."""

import asyncio
import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:refuse]
@web.middleware
async def refuse_cross_site(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Go by what the browser says of the page that asks.

    Source: ComfyUI 2f35f4a0, server.py 162–165.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return web.Response(status=403)
    return await handler(request)


def add_refusal(server: PromptServer) -> None:
    """Put it before the check that compares Host and Origin."""
    server.app.middlewares.insert(1, refuse_cross_site)


# --8<-- [end:refuse]
# --8<-- [start:main]
REQUESTS = {
    "a sandboxed frame": ("null", "cross-site"),
    "a link on another site": (None, "cross-site"),
    "a page of another port": ("http://127.0.0.1:3000", "same-site"),
    "the address, typed": (None, "none"),
    "a program": (None, None),
}


async def main() -> None:
    logging.disable()
    async with serving(prepare=add_refusal, worker=False) as served:
        for who, (origin, site) in REQUESTS.items():
            sent = {"Host": "127.0.0.1:8188"}
            sent |= {"Origin": origin} if origin else {}
            sent |= {"Sec-Fetch-Site": site} if site else {}
            response = await served.client.get("/", headers=sent)
            print(f"{who:24}{site or '-':12}{response.status}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
