"""Show what a middleware gets, and which status is sent."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:print]
@web.middleware
async def print_returned(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Print what the handler returns or raises."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        print(f"  raised: {type(error).__name__}", end="")
        raise
    state = ", sent" if response.prepared else f" {response.status}"
    print(f"  returned: {type(response).__name__}{state}", end="")
    return response


async def print_sent(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Print which status is about to be sent."""
    print(f"  sent: {response.status}", end="")


# --8<-- [end:print]
async def stream(request: web.Request) -> web.StreamResponse:
    """Send the headers at once."""
    await (response := web.StreamResponse()).prepare(request)
    return response


def build_app() -> web.Application:
    """Return an application with a stream and the folder of this."""
    app = web.Application(middlewares=[print_returned])
    app.on_response_prepare.append(print_sent)
    app.router.add_get("/stream", stream)
    app.router.add_static("/web", Path(__file__).parent)
    return app


# --8<-- [start:main]
REQUESTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/web/by_status.py", {}),
    ("/web/by_status.py", {"If-None-Match": "*"}),
    ("/web/by_status.py", {"Range": "bytes=0-1"}),
    ("/web/none.py", {}),
    ("/stream", {}),
    ("/none", {}),
)


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path, field in REQUESTS:
            print(f"{' '.join((path, *field)):31}", end="")
            await client.get(path, headers=field)
            print()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
