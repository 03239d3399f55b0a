"""Show which headers aiohttp's client sends by default."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.index.categories import CATEGORIES


# --8<-- [start:headers]
def category(name: str) -> str:
    """Return the category in which RFC 7231 listed a header."""
    for title, headers in CATEGORIES.items():
        if name.lower() in map(str.lower, headers):
            return title
    return "none"


async def list_headers(request: web.Request) -> web.Response:
    """List the request's headers, each with its category."""
    # --8<-- [start:gap]
    lines = [f"{name:16} {category(name)}" for name in request.headers]
    return web.Response(text="\n".join(lines))
    # --8<-- [end:gap]


# --8<-- [end:headers]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", list_headers)
    return app


async def main() -> None:
    # --8<-- [start:call]
    async with TestClient(TestServer(build_app())) as client:
        print(await (await client.get("/")).text())
    # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
