"""Show in which order an application starts and stops."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web


async def startup(app: web.Application) -> None:
    """Run before the first request."""
    print("on_startup")


async def shutdown(app: web.Application) -> None:
    """Run when the server no longer listens."""
    print("on_shutdown")


async def cleanup(app: web.Application) -> None:
    """Run last, after the contexts."""
    print("on_cleanup")


async def first(app: web.Application) -> AsyncIterator[None]:
    """Run the first half at the start, the rest at the end."""
    print("first context: in")
    yield
    print("first context: out")


async def second(app: web.Application) -> AsyncIterator[None]:
    """Start after the first context, and end before it."""
    print("second context: in")
    yield
    print("second context: out")


# --8<-- [start:app]
def build_app() -> web.Application:
    """Return an application that prints each call."""
    app = web.Application()
    app.on_startup.append(startup)
    app.on_shutdown.append(shutdown)
    app.on_cleanup.append(cleanup)
    app.cleanup_ctx.extend([first, second])
    return app


async def main() -> None:
    runner = web.AppRunner(build_app())
    await runner.setup()
    print("— serving —")
    await runner.cleanup()


# --8<-- [end:app]
if __name__ == "__main__":
    asyncio.run(main())
