"""Show that aiohttp's response is the same whatever Accept says."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def info(request: web.Request) -> web.Response:
    return web.json_response({"version": 1})


async def broken(request: web.Request) -> web.Response:
    raise ZeroDivisionError


# --8<-- [end:handlers]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/info", info)
    app.router.add_get("/broken", broken)
    return app


async def main() -> None:
    logging.disable()  # the traceback of /broken
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for path, accept in (
            ("/info", "image/png"),
            ("/info", "application/xml, */*;q=0"),
            ("/broken", "image/png"),
            ("/broken", "text/html;q=0"),
        ):
            response = await client.get(
                path, headers={"Accept": accept}
            )
            print(f"{path:8}{accept:25}", end="")
            print(response.status, response.content_type)
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
