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
    """Be asked for a response, once for each request."""
    return await handler(request)


async def old_style(app: web.Application, handler: Handler) -> Any:
    """Be asked for a new handler around the given one."""

    async def new_handler(request: web.Request) -> Any:
        return await handler(request)

    return new_handler


async def unmarked(request: web.Request, handler: Handler) -> Any:
    """Look like the first, and be taken for the second."""
    return await handler(request)


# --8<-- [end:three]
async def hello(request: web.Request) -> web.Response:
    """Answer without a look at the request."""
    return web.Response()


async def verdict(middleware: Any) -> str:
    """Return the startup warning, and what two paths answer."""
    app = web.Application(middlewares=[middleware])
    app.router.add_get("/", hello)
    answers = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", "old-style middleware")
        async with TestClient(TestServer(app)) as client:
            for path in ("/", "/none"):
                answers += f"  {path} {(await client.get(path)).status}"
    warning = caught[0].category.__name__ if caught else "no warning"
    return f"{warning:18}{answers}"


async def main() -> None:
    logging.disable()  # the tracebacks behind each 500
    for middleware in (marked, old_style, unmarked):
        print(f"{middleware.__name__:12}{await verdict(middleware)}")


if __name__ == "__main__":
    asyncio.run(main())
