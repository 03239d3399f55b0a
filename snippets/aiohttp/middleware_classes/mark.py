"""Show what aiohttp takes three middlewares for, by their mark."""

import asyncio
import logging
import warnings
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:three]
@web.middleware
async def marked(request: web.Request, handler: Handler) -> Any:
    """Return a response; called once for each request."""
    return await handler(request)


async def old_style(app: web.Application, handler: Handler) -> Any:
    """Return a new handler around the given one."""

    async def new_handler(request: web.Request) -> Any:
        return await handler(request)

    return new_handler


async def unmarked(request: web.Request, handler: Handler) -> Any:
    """Look like the first, and be called like the second."""
    return await handler(request)


# --8<-- [end:three]
async def hello(request: web.Request) -> web.Response:
    return web.Response()


async def outcome(middleware: Any) -> str:
    """Return the startup warning, and the status of two paths."""
    app = web.Application(middlewares=[middleware])
    app.router.add_get("/", hello)
    statuses = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", "old-style middleware")
        async with TestClient(TestServer(app)) as client:
            for path in ("/", "/none"):
                status = (await client.get(path)).status
                statuses += f"  {path} {status}"
    warning = caught[0].category.__name__ if caught else "no warning"
    return f"{warning:18}{statuses}"


async def main() -> None:
    logging.disable()  # the tracebacks behind each 500
    # --8<-- [start:main]
    for middleware in (marked, old_style, unmarked):
        print(f"{middleware.__name__:12}{await outcome(middleware)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
