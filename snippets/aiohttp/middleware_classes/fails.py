"""Show seven wrong ways to write a class, and what gives them away."""

import asyncio
import logging
from typing import Any

from aiohttp import web

from snippets.aiohttp.middleware_classes.as_class import (
    Decorated,
    Plain,
)
from snippets.aiohttp.middleware_classes.mark import verdict


# --8<-- [start:classes]
class OnCall:
    """Mark `__call__`, while aiohttp looks at the instance."""

    @web.middleware
    async def __call__(self, request: Any, handler: Any) -> Any:
        """Let the request through."""
        return await handler(request)


class Handle:
    """Have a method `handle`, as the notes ask."""

    async def handle(self, request: Any, handler: Any) -> Any:
        """Let the request through."""
        return await handler(request)


@web.middleware
class Renamed:
    """Call the second parameter something else."""

    async def __call__(self, request: Any, call_next: Any) -> Any:
        """Let the request through."""
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
    for name, middleware in WAYS.items():
        print(f"{name:26}{await verdict(middleware)}")


if __name__ == "__main__":
    asyncio.run(main())
