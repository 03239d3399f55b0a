"""Show which requests to this machine a foreign page cannot make."""

import asyncio
import logging
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

from snippets.server.origin_check.loopback import is_loopback

__all__ = ["create_origin_only_middleware", "is_loopback"]


def create_origin_only_middleware() -> Middleware:
    """Return a middleware that refuses foreign pages on loopback.

    It answers every OPTIONS itself, and fails (500) if a port is no
    number. Source: ComfyUI v0.3.10, server.py, lines 111-145.
    """

    @web.middleware
    async def origin_only_middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if "Host" in request.headers and "Origin" in request.headers:
            host = request.headers["Host"].lower()
            ours = urlsplit("//" + host)
            theirs = urlsplit(request.headers["Origin"])
            loopback = is_loopback(ours.hostname)  # blocks
            left = ours.hostname if theirs.port is None else host
            right = theirs.netloc.lower()
            if ours.port is None:  # one side has no port: compare none
                right = theirs.hostname or ""
            if loopback and left and right and left != right:
                logging.warning("403: %s is not %s", right, left)
                return web.Response(status=403)
        if request.method == "OPTIONS":
            return web.Response()
        return await handler(request)

    return origin_only_middleware


async def main() -> None:
    logging.disable()
    app = web.Application(middlewares=[create_origin_only_middleware()])
    async with TestClient(TestServer(app)) as client:
        for origin in ("http://127.0.0.1:8188", "https://evil.example"):
            headers = {"Host": "127.0.0.1:8188", "Origin": origin}
            answer = await client.options("/", headers=headers)
            print(answer.status, origin)


if __name__ == "__main__":
    asyncio.run(main())
