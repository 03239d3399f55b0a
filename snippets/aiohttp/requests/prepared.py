"""Show what a request and a response let you change, and when."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:change]
async def change(request: web.Request) -> web.StreamResponse:
    """Try to change the request, then the response: before, after."""
    try:
        request.headers["X-Kind"] = "mine"  # type: ignore[index]
    except TypeError:
        print("request.headers: TypeError")
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
    """Return an application with one handler."""
    app = web.Application()
    app.router.add_get("/", change)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        answer = await client.get("/")
        kind, cookies = answer.headers["X-Kind"], answer.cookies
        print("sent:", kind, answer.content_type, *cookies)
        print("status:", answer.status)


if __name__ == "__main__":
    asyncio.run(main())
