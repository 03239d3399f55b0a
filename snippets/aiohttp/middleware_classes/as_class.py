"""Show four ways to make a middleware of a class."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from snippets.aiohttp.middleware_classes.mark import verdict


# --8<-- [start:classes]
class Plain:
    """Be callable, and carry no mark."""

    async def __call__(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Let the request through."""
        return await handler(request)


class Marked(Plain):
    """Carry the mark as a class attribute."""

    __middleware_version__ = 1


@web.middleware
class Decorated(Plain):
    """Carry the mark, put on the class by the decorator."""


class Method:
    """Have a decorated method, to be passed bound."""

    @web.middleware
    async def check(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Let the request through."""
        return await handler(request)


# --8<-- [end:classes]
WAYS: dict[str, Middleware] = {
    "web.middleware(Plain())": web.middleware(Plain()),
    "Marked()": Marked(),
    "Decorated()": Decorated(),
    "Method().check": Method().check,
}


async def main() -> None:
    for name, middleware in WAYS.items():
        print(f"{name:25}{await verdict(middleware)}")


if __name__ == "__main__":
    asyncio.run(main())
