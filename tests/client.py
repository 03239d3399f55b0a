"""What most proofs about aiohttp need: one request, and a middleware that logs."""

from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware


async def ask(app: web.Application, path: str = "/", method: str = "GET", **options: Any) -> ClientResponse:
    """Start the application, send one request, return the response with its body read.

    The connection is closed by then: `text()` and `json()` still work, another `read()` does not.
    """
    async with TestClient(TestServer(app)) as client:
        response = await client.request(method, path, **options)
        await response.read()
        return response


def trace(log: list[str], name: str) -> Middleware:
    """Return a middleware that logs each request, and its response's status or exception."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        log.append(f"{name}>")
        try:
            response = await handler(request)
        except Exception as error:
            log.append(f"{name}!{type(error).__name__}")
            raise
        log.append(f"{name}<{response.status}")
        return response

    return middleware
