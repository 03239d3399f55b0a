"""Show an HTTPException that is raised, and one that is returned."""

import asyncio
import warnings

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:outer]
@web.middleware
async def outer(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Say in which way the response comes out."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        print("caught", type(error).__name__)
        raise
    print("got back", type(response).__name__)
    return response


@web.middleware
async def inner(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Refuse every request, in the way that the path names."""
    if request.path == "/raise":
        raise web.HTTPForbidden
    if request.path == "/return":
        return web.HTTPForbidden()
    return web.Response(status=403)


# --8<-- [end:outer]
def build_app() -> web.Application:
    return web.Application(middlewares=[outer, inner])


async def main() -> None:
    # A returned HTTPException causes a DeprecationWarning.
    with warnings.catch_warnings(action="ignore"):
        async with TestClient(TestServer(build_app())) as client:
            # --8<-- [start:main]
            for path in ("/raise", "/return", "/response"):
                print("GET", path, end=": ")
                await client.get(path)
            # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
