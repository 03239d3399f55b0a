"""Show that a middleware cannot see how a file request ends."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

REQUESTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/kinds.py", {}),
    ("/kinds.py", {"If-None-Match": "*"}),
    ("/kinds.py", {"Range": "bytes=0-1"}),
    ("/none.py", {}),
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
    came = f"{type(response).__name__} {response.status}"
    sent = ", sent" if response.prepared else ""
    print(f"  back: {came}{sent}", end="")
    return response


async def depart(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Say which status is about to leave."""
    print(f"  leaves: {response.status}", end="")


# --8<-- [end:witness]
def build_app() -> web.Application:
    """Return an application that serves the folder of this file."""
    app = web.Application(middlewares=[witness])
    app.on_response_prepare.append(depart)
    app.router.add_static("/", Path(__file__).parent)
    return app


# --8<-- [start:main]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for path, field in REQUESTS:
            print(f"{path:11}{' '.join(field):13}", end="")
            await client.get(path, headers=field)
            print()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
