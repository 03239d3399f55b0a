"""Show what an annotation checks (nothing) and a plain `def` costs."""

import asyncio
import warnings
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def coroutine(request: web.Request) -> web.Response:
    """Answer with the type of what came."""
    return web.Response(text=type(request).__name__)


def plain(request: Any) -> web.Response:
    """Answer likewise, without `async` and without annotation."""
    return web.Response(text=type(request).__name__)


# --8<-- [end:handlers]
# --8<-- [start:show]
async def show(handler: Any) -> None:
    """Print what a handler is given, and what aiohttp warns of."""
    app = web.Application()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app.router.add_route("GET", "/", handler)
    async with TestClient(TestServer(app)) as client:
        text = await (await client.get("/")).text()
    kinds = [warning.category.__name__ for warning in caught]
    print(f"{handler.__name__}:", text, *kinds)


async def main() -> None:
    await show(coroutine)
    await show(plain)


# --8<-- [end:show]
if __name__ == "__main__":
    asyncio.run(main())
