"""Show that aiohttp answers the same whatever Accept asks for."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def info(request: web.Request) -> web.Response:
    """Answer JSON."""
    return web.json_response({"version": 1})


async def broken(request: web.Request) -> web.Response:
    """Fail as code does."""
    raise ZeroDivisionError


# --8<-- [end:handlers]
def build_app() -> web.Application:
    """Return an application that never looks at Accept."""
    app = web.Application()
    app.router.add_get("/info", info)
    app.router.add_get("/broken", broken)
    return app


async def main() -> None:
    logging.disable()  # the traceback of /broken
    async with TestClient(TestServer(build_app())) as client:
        for path, accept in (
            ("/info", "image/png"),
            ("/info", "application/xml, */*;q=0"),
            ("/broken", "image/png"),
            ("/broken", "text/html;q=0"),
        ):
            answer = await client.get(path, headers={"Accept": accept})
            print(f"{path:8}{accept:25}", end="")
            print(answer.status, answer.content_type)


if __name__ == "__main__":
    asyncio.run(main())
