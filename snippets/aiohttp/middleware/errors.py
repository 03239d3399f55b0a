"""Show how `except Exception` in a middleware turns 404 into 500."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware


@web.middleware
async def greedy(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Report every exception as JSON, a 404 among them."""
    try:
        return await handler(request)
    except Exception as error:
        if request.writer.output_size:  # the headers have left
            raise
        body = {"error": type(error).__name__}
        return web.json_response(body, status=500)


# --8<-- [start:careful]
@web.middleware
async def careful(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Pass HTTP exceptions on; report the rest as JSON."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        if request.writer.output_size:  # the headers have left
            raise
        body = {"error": type(error).__name__}
        return web.json_response(body, status=500)


# --8<-- [end:careful]
async def broken(request: web.Request) -> web.Response:
    raise ZeroDivisionError


def build_app(middleware: Middleware) -> web.Application:
    app = web.Application(middlewares=[middleware])
    app.router.add_get("/broken", broken)
    return app


async def main() -> None:
    # --8<-- [start:main]
    for middleware in (greedy, careful):
        server = TestServer(build_app(middleware))
        print(middleware.__name__)
        async with TestClient(server) as client:
            for path in ("/broken", "/none"):
                response = await client.get(path)
                print(path, response.status, await response.text())
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
