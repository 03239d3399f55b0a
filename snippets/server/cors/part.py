"""Show the headers with which pages of another origin may read."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

ALLOW = "Access-Control-Allow"


def create_cors_middleware(allowed_origin: str) -> Middleware:
    """Return a middleware that lets one origin read the answers.

    Every OPTIONS, on any path, is answered here: 200, empty.

    Args:
        allowed_origin: Such as `https://app.example`, or `*` for all;
            it goes into the header as it is.

    Returns:
        The middleware. What the handler raises passes without headers.

    Source: ComfyUI v0.3.10, server.py, lines 68-83.
    """
    headers = {
        f"{ALLOW}-Origin": allowed_origin,
        f"{ALLOW}-Methods": "POST, GET, DELETE, PUT, OPTIONS",
        f"{ALLOW}-Headers": "Content-Type, Authorization",
        f"{ALLOW}-Credentials": "true",
    }

    @web.middleware
    async def cors_middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if request.method == "OPTIONS":
            response: web.StreamResponse = web.Response()
        else:
            response = await handler(request)
        response.headers.update(headers)
        return response

    return cors_middleware


async def main() -> None:
    cors = create_cors_middleware("https://app.example")
    app = web.Application(middlewares=[cors])
    async with TestClient(TestServer(app)) as client:
        answer = await client.options("/anything")
        print(answer.status, await answer.read())
        for name, value in answer.headers.items():
            if name.startswith(ALLOW):
                print(f"{name}: {value}")


if __name__ == "__main__":
    asyncio.run(main())
