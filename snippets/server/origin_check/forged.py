"""Show the POST any website can send, without the check and with it."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Middleware

from snippets.server.origin_check.part import (
    create_origin_only_middleware,
)

JOBS = web.AppKey("JOBS", list[object])
# --8<-- [start:forged]
FORGED = {
    "Host": "127.0.0.1:8188",
    "Origin": "https://evil.example",
    "Content-Type": "text/plain",
}


async def queue(request: web.Request) -> web.Response:
    """Queue the body; like `POST /prompt`, ask for no Content-Type."""
    request.app[JOBS].append(await request.json())
    return web.Response()


# --8<-- [end:forged]
def build_app(*middlewares: Middleware) -> web.Application:
    """Return an application that queues what is posted."""
    app = web.Application(middlewares=middlewares)
    app[JOBS] = []
    app.router.add_post("/prompt", queue)
    return app


# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    check = create_origin_only_middleware()
    for app in (build_app(), build_app(check)):
        async with TestClient(TestServer(app)) as client:
            answer = await client.post(
                "/prompt", data='{"prompt": {}}', headers=FORGED
            )
        print(answer.status, "queued:", app[JOBS])


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
