"""Show uploads with a larger limit than the rest of the server."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


async def read(request: web.Request) -> web.Response:
    """Read the body; respond with its length."""
    return web.Response(text=str(len(await request.read())))


# --8<-- [start:clone]
UPLOADS = ("/upload/", "/api/upload/")  # with the slash at the end


@web.middleware
async def allow_more(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Pass on an upload with a limit of its own."""
    if request.path.startswith(UPLOADS):
        request = request.clone(client_max_size=2000)
    return await handler(request)


async def main() -> None:
    app = web.Application(
        client_max_size=1000, middlewares=[allow_more]
    )
    paths = ("/prompt", "/upload/image", "/uploads")
    for path in paths:
        app.router.add_post(path, read)
    async with TestClient(TestServer(app)) as client:
        for path in paths:
            response = await client.post(path, data=bytes(1500))
            print(path, response.status)


# --8<-- [end:clone]
if __name__ == "__main__":
    asyncio.run(main())
