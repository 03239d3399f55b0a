"""Show which responses reach the line after `await handler(…)`."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:stamp]
@web.middleware
async def stamp(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Put X-Stamp on a returned response, not on a raised one."""
    response = await handler(request)
    response.headers["X-Stamp"] = "after await"
    return response


async def sign(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Put X-Signal on a response just before it is sent."""
    response.headers["X-Signal"] = "about to leave"


# --8<-- [end:stamp]
async def returned(request: web.Request) -> web.Response:
    return web.Response(status=404)


async def raised(request: web.Request) -> web.Response:
    raise web.HTTPNotFound


async def streamed(request: web.Request) -> web.StreamResponse:
    """Send the headers before returning."""
    await (response := web.StreamResponse()).prepare(request)
    return response


def build_app() -> web.Application:
    """Return an application with one middleware and one signal."""
    app = web.Application(middlewares=[stamp])
    app.on_response_prepare.append(sign)
    for handler in (returned, raised, streamed):
        app.router.add_get(f"/{handler.__name__}", handler)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for path in ("/returned", "/raised", "/streamed", "/none"):
            headers = (await client.get(path)).headers
            print(f"{path:10}", *(h for h in headers if "X-" in h))
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
