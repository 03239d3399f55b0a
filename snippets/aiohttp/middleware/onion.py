"""Show each response's way out through two middlewares."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

TRACE = web.AppKey("TRACE", list[str])


# --8<-- [start:layer]
def layer(name: str) -> Middleware:
    """Return a middleware that adds X-name after `await`."""

    @web.middleware
    async def middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        trace = request.app[TRACE]
        trace.append(f"{name} in")
        try:
            response = await handler(request)
        except web.HTTPException:
            trace.append(f"{name} skipped")
            raise
        response.headers[f"X-{name}"] = "after await"
        trace.append(f"{name} out")
        return response

    return middleware


async def log_headers(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Log which headers are about to leave."""
    added = sorted(h for h in response.headers if "X-" in h)
    request.app[TRACE].append(" ".join(["send", *added]))


# --8<-- [end:layer]
async def returned(request: web.Request) -> web.Response:
    return web.Response()


async def raised(request: web.Request) -> web.Response:
    raise web.HTTPNotFound


async def streamed(request: web.Request) -> web.StreamResponse:
    await (response := web.StreamResponse()).prepare(request)
    return response


async def websocket(request: web.Request) -> web.WebSocketResponse:
    """Receive until the client closes."""
    await (socket := web.WebSocketResponse()).prepare(request)
    async for message in socket:
        request.app[TRACE].append(f"message {message.data}")
    request.app[TRACE].append("closed")
    return socket


def build_app(handler: Handler) -> web.Application:
    async def logged(request: web.Request) -> web.StreamResponse:
        request.app[TRACE].append("handler")
        return await handler(request)

    app = web.Application(middlewares=[layer("Log"), layer("Tag")])
    app[TRACE] = []
    app.on_response_prepare.append(log_headers)
    app.router.add_get("/", logged)
    return app


# --8<-- [start:main]
async def main() -> None:
    for handler in (returned, raised, streamed, websocket):
        app = build_app(handler)
        async with TestClient(TestServer(app)) as client:
            if handler is not websocket:
                await client.get("/")
            else:
                async with client.ws_connect("/") as socket:
                    await socket.send_str("hello")
        trace = app[TRACE]
        print(f"{handler.__name__}:", ", ".join(trace))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
