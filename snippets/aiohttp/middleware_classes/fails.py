"""Show seven wrong ways to write a class, and how each fails."""

import asyncio
import logging
from typing import Any

from aiohttp import web

from snippets.aiohttp.middleware_classes.as_class import (
    Decorated,
    Plain,
)
from snippets.aiohttp.middleware_classes.mark import outcome


# --8<-- [start:classes]
class OnCall:
    """Mark `__call__`; aiohttp looks for it on the instance."""

    @web.middleware
    async def __call__(self, request: Any, handler: Any) -> Any:
        return await handler(request)


class Handle:
    """A method `handle`, which some tutorials ask for."""

    async def handle(self, request: Any, handler: Any) -> Any:
        return await handler(request)


@web.middleware
class Renamed:
    """The second parameter is not called `handler`."""

    async def __call__(self, request: Any, call_next: Any) -> Any:
        return await call_next(request)


# --8<-- [end:classes]
WAYS = {
    "Plain()": Plain(),
    "OnCall()": OnCall(),
    "Handle().handle": Handle().handle,
    "Handle()": Handle(),
    "web.middleware(Handle())": web.middleware(Handle()),
    "Renamed()": Renamed(),
    "Decorated": Decorated,
}


async def main() -> None:
    logging.disable()  # the tracebacks behind each 500
    # --8<-- [start:main]
    for name, middleware in WAYS.items():
        print(f"{name:26}{await outcome(middleware)}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
