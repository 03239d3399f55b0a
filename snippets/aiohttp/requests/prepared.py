"""Show which changes to a response come too late."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:change]
async def change(request: web.Request) -> web.StreamResponse:
    """Change the response before and after `prepare`."""
    response = web.StreamResponse()
    response.set_status(202)
    response.headers["X-Kind"] = "early"
    await response.prepare(request)
    response.headers["X-Kind"] = "late"
    response.content_type = "text/late"
    response.set_cookie("cookie", "late")
    try:
        response.set_status(500)
    except AssertionError:
        print("set_status: AssertionError")
    kind, cookies = response.headers["X-Kind"], response.cookies
    print("set: ", kind, response.content_type, *cookies)
    return response


# --8<-- [end:change]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", change)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        response = await client.get("/")
        kind, cookies = response.headers["X-Kind"], response.cookies
        print("sent:", kind, response.content_type, *cookies)
        print("status:", response.status)
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
