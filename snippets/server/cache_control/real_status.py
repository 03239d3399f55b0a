"""Show what a middleware gets back, and which status leaves."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

REQUESTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/web/own_rule.py", {}),
    ("/web/own_rule.py", {"If-None-Match": "*"}),
    ("/web/own_rule.py", {"Range": "bytes=0-1"}),
    ("/web/none.py", {}),
    ("/stream", {}),
    ("/none", {}),
)


# --8<-- [start:witness]
@web.middleware
async def witness(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Say what comes back from further in."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        print(f"  back: raise {type(error).__name__}", end="")
        raise
    state = ", sent" if response.prepared else f" {response.status}"
    print(f"  back: {type(response).__name__}{state}", end="")
    return response


async def depart(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Say which status is about to leave."""
    print(f"  leaves: {response.status}", end="")


# --8<-- [end:witness]
async def stream(request: web.Request) -> web.StreamResponse:
    """Send the headers at once."""
    await (response := web.StreamResponse()).prepare(request)
    return response


def build_app() -> web.Application:
    """Return an application with a stream and the folder of this."""
    app = web.Application(middlewares=[witness])
    app.on_response_prepare.append(depart)
    app.router.add_get("/stream", stream)
    app.router.add_static("/web", Path(__file__).parent)
    return app


# --8<-- [start:main]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path, field in REQUESTS:
            print(f"{' '.join((path, *field)):30}", end="")
            await client.get(path, headers=field)
            print()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
