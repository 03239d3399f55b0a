"""Show a value that a middleware passes to the handler."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

# --8<-- [start:user]
USER = web.RequestKey("USER", str)
TOKENS = {"secret": "ann"}


@web.middleware
async def identify(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Store the user of the request's token; refuse the others."""
    user = TOKENS.get(request.headers.get("X-Token", ""))
    if user is None:
        raise web.HTTPForbidden
    request[USER] = user
    return await handler(request)


async def greet(request: web.Request) -> web.Response:
    return web.Response(text=f"hello {request[USER]}")


# --8<-- [end:user]
def build_app() -> web.Application:
    app = web.Application(middlewares=[identify])
    app.router.add_get("/", greet)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for token in ("secret", "guess"):
            response = await client.get("/", headers={"X-Token": token})
            print(token, response.status, await response.text())
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
