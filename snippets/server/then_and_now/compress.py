"""Show what a middleware that looks for “gzip” really sends."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:compress]
@web.middleware
async def compress(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Compress JSON and plain text for a client that says gzip.

    Source: ComfyUI 2f35f4a0, server.py, lines 102–112
    """
    asked = "gzip" in request.headers.get("Accept-Encoding", "")
    response = await handler(request)
    plain = response.content_type in ("application/json", "text/plain")
    if asked and plain and isinstance(response, web.Response):
        response.enable_compression()
    return response


# --8<-- [end:compress]
async def nodes(request: web.Request) -> web.Response:
    """Return 3,000 letters as JSON."""
    return web.json_response({"nodes": "x" * 3000})


def build_app() -> web.Application:
    """Build an application with one route behind the middleware."""
    app = web.Application(middlewares=[compress])
    app.router.add_get("/", nodes)
    return app


# --8<-- [start:call]
async def main() -> None:
    server = TestServer(build_app())
    async with TestClient(server, auto_decompress=False) as client:
        for accepted in ("gzip", "gzip, deflate, br", "gzip;q=0", "br"):
            headers = {"Accept-Encoding": accepted}
            answer = await client.get("/", headers=headers)
            coding = answer.headers.get("Content-Encoding", "plain")
            print(
                f"{accepted:18} {coding:8} {'Vary' in answer.headers}"
            )


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
