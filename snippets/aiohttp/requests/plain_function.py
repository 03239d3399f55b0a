"""Show that a plain function still works as handler, with a warning."""

import asyncio
import warnings

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:bare]
def bare(request: web.Request) -> web.Response:
    """Answer without `async`."""
    return web.Response(text="still works")


def build_app() -> web.Application:
    """Return an application with the plain function as handler."""
    app = web.Application()
    app.router.add_get("/", bare)  # type: ignore[arg-type]
    return app


# --8<-- [end:bare]
async def main() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app = build_app()
    print(*{warning.category.__name__ for warning in caught})
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/")
        print(answer.status, await answer.text())


if __name__ == "__main__":
    asyncio.run(main())
