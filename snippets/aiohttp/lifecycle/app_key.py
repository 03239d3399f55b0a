"""Show two ways to keep a value in an application."""

import asyncio
import warnings

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:keys]
COUNT = web.AppKey("COUNT", list[str])


async def visit(request: web.Request) -> web.Response:
    """Note the visitor in a list that the application holds."""
    visits = request.app[COUNT]
    visits.append(request.query["name"])
    return web.Response(text=f"{len(visits)} visits")


def build_app() -> web.Application:
    app = web.Application()
    app["count"] = []  # a string as key: a warning
    app[COUNT] = []
    app.router.add_get("/", visit)
    return app


# --8<-- [end:keys]
async def main() -> None:
    # --8<-- [start:main]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app = build_app()
    for warning in caught:
        name = warning.category.__name__
        print(f"{name}: {str(warning.message).splitlines()[0]}")
    async with TestClient(TestServer(app)) as client:
        for name in ("a", "b"):
            response = await client.get("/", params={"name": name})
            print(f"GET /?name={name}:", await response.text())
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
