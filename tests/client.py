"""What many proofs need: one request, a middleware that logs, a WebSocket with its greeting read."""

import asyncio
from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

from snippets.recreation.server import PromptServer


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


async def connect(client: Any, name: str = "me") -> ClientWebSocketResponse:
    """Connect under a name, and read the greeting; pings are not answered by themselves."""
    ws: ClientWebSocketResponse = await client.ws_connect(f"/ws?clientId={name}", autoping=False)
    assert (await ws.receive_json(timeout=10))["data"]["sid"] == name
    return ws


async def forgotten(server: PromptServer, sid: str) -> None:
    """Wait until the server has forgotten a name."""
    for _ in range(1000):
        if sid not in server.sockets:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{sid} is still known")


async def fill(ws: web.WebSocketResponse) -> asyncio.Task[None]:
    """Send to a client that does not read until one send has to wait; return that send."""
    for _ in range(256):
        sending = asyncio.create_task(ws.send_bytes(bytes(2**20)))
        if not (await asyncio.wait([sending], timeout=0.3))[0]:
            return sending
    raise AssertionError("256 MiB fitted into the buffers")
