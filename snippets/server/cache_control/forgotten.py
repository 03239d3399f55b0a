"""Show what a forgotten `return`, or `await`, ends in."""

import asyncio
import logging
import warnings
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware


# --8<-- [start:forgotten]
@web.middleware
async def no_return(request: web.Request, handler: Handler) -> Any:
    """Wait for the response, and drop it."""
    await handler(request)


@web.middleware
async def no_await(request: web.Request, handler: Handler) -> Any:
    """Hand on a coroutine that nobody has started."""
    return handler(request)


# --8<-- [end:forgotten]
async def page(request: web.Request) -> web.Response:
    """Answer 200, if anyone gets that far."""
    print("  the handler runs")
    return web.Response()


def build_app(middleware: Middleware) -> web.Application:
    """Return an application with one page behind a middleware."""
    app = web.Application(middlewares=[middleware])
    app.router.add_get("/", page)
    return app


def tell(record: logging.LogRecord) -> bool:
    """Print a log line without object and traceback; keep it there."""
    print("  log:", record.getMessage().split(", got")[0])
    return False


# --8<-- [start:main]
async def main() -> None:
    logging.getLogger("aiohttp.server").addFilter(tell)
    for middleware in (no_return, no_await):
        print(f"{middleware.__name__}:")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            server = TestServer(build_app(middleware))
            async with TestClient(server) as client:
                print("  status:", (await client.get("/")).status)
        for warning in caught:
            print("  warning:", warning.category.__name__)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
