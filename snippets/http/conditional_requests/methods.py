"""Show responses of FileResponse that RFC 9110 does not allow."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:requests]
NEW_YEAR = "Fri, 01 Jan 2100 00:00:00 GMT"
REQUESTS = (  # the last number is what RFC 9110 asks for
    ("POST", "/page", "If-None-Match", "*", 412),
    ("POST", "/page", "If-Modified-Since", NEW_YEAR, 200),
    ("GET", "/lost", "If-None-Match", "*", 404),
)


async def page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(__file__)


async def lost(request: web.Request) -> web.FileResponse:
    """Send a file as the body of a 404."""
    return web.FileResponse(__file__, status=404)


# --8<-- [end:requests]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/page", page)
    app.router.add_route("*", "/lost", lost)
    return app


async def main() -> None:
    print(f"{'':60} sent due")
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for method, path, field, value, due in REQUESTS:
            headers = {field: value}
            response = await client.request(
                method, path, headers=headers
            )
            request = f"{method} {path} {field}: {value}"
            print(f"{request:60} {response.status}  {due}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
