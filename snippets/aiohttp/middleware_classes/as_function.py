"""Show how to give a middleware an argument, and how not to."""

import asyncio
import logging
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from snippets.aiohttp.middleware_classes.mark import outcome


# --8<-- [start:functions]
@web.middleware
async def tag(
    request: web.Request, handler: Handler, value: str = "none"
) -> web.StreamResponse:
    response = await handler(request)
    response.headers["X-Tag"] = value
    return response


def factory(value: str) -> Middleware:
    """Return a decorated closure around the value."""

    @web.middleware
    async def closure(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        return await tag(request, handler, value)

    return closure


# --8<-- [end:functions]
WAYS = {
    'factory("a")': factory("a"),
    'web.middleware(partial(tag, value="b"))': web.middleware(
        partial(tag, value="b")
    ),
    'partial(tag, value="c")': partial(tag, value="c"),
    "factory": factory,
}


async def main() -> None:
    logging.disable()  # the tracebacks behind each 500
    # --8<-- [start:main]
    for name, middleware in WAYS.items():
        print(f"{name:41}{await outcome(middleware)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
