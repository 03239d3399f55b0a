"""Show four ways to make a middleware of a class."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from snippets.aiohttp.middleware_classes.mark import outcome


# --8<-- [start:classes]
class Plain:
    """A callable without a mark."""

    async def __call__(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        return await handler(request)


class Marked(Plain):
    """The mark is a class attribute."""

    __middleware_version__ = 1


@web.middleware
class Decorated(Plain):
    """The decorator puts the mark on the class."""


class Method:
    """A decorated method, to be passed bound."""

    @web.middleware
    async def check(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        return await handler(request)


# --8<-- [end:classes]
WAYS: dict[str, Middleware] = {
    "web.middleware(Plain())": web.middleware(Plain()),
    "Marked()": Marked(),
    "Decorated()": Decorated(),
    "Method().check": Method().check,
}


async def main() -> None:
    # --8<-- [start:main]
    for name, middleware in WAYS.items():
        print(f"{name:25}{await outcome(middleware)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
