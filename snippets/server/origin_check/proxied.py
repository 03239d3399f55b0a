"""Show a reverse proxy that keeps Host, and one that does not."""

import asyncio
import logging

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from snippets.recreation.serving import serving
from snippets.server.origin_check.forged import BODY

# --8<-- [start:proxy]
PAGE = {"Host": "comfy.example", "Origin": "https://comfy.example"}


def proxy_to(target: str, keep_host: bool) -> web.Application:
    """Return a proxy that passes Host on, or sends its own."""

    async def forward(request: web.Request) -> web.Response:
        headers = dict(request.headers)
        if not keep_host:
            del headers["Host"]  # the client fills in the target's
        async with (
            ClientSession(headers=headers) as session,
            session.request(
                request.method,
                target + request.path,
                data=await request.read(),
            ) as response,
        ):
            return web.Response(status=response.status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", forward)
    return app


# --8<-- [end:proxy]
# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    async with serving(worker=False) as served:
        target = "http://{}:{}".format(*served.address)
        for keep_host in (False, True):
            proxy = TestServer(proxy_to(target, keep_host))
            async with TestClient(proxy) as browser:
                host = {"Host": PAGE["Host"]}  # no Origin: fetch
                got = await browser.get("/queue", headers=host)
                posted = await browser.post(
                    "/prompt", data=BODY, headers=PAGE
                )
            sent = "kept:   " if keep_host else "its own:"
            print(f"Host {sent} GET {got.status}", end=", ")
            print(f"POST {posted.status}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
