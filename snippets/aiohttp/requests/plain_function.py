"""Show that a plain function works as a handler, with a warning."""

import asyncio
import warnings

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:bare]
def plain(request: web.Request) -> web.Response:
    return web.Response(text="still works")


def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", plain)  # type: ignore[arg-type]
    return app


# --8<-- [end:bare]
async def main() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app = build_app()
    # --8<-- [start:main]
    print(*{warning.category.__name__ for warning in caught})
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/")
        print(response.status, await response.text())
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
