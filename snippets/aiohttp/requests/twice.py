"""Show a form that a middleware reads before the handler does."""

import asyncio
import logging

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler


# --8<-- [start:twice]
@web.middleware
async def peek(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Read the body first, in the way that the query names."""
    match request.query["first"]:
        case "read":
            await request.read()
        case "post":
            await request.post()
    return await handler(request)


async def upload(request: web.Request) -> web.Response:
    """List the fields of a form."""
    return web.json_response(list(await request.post()))


# --8<-- [end:twice]
def build_app() -> web.Application:
    app = web.Application(middlewares=[peek])
    app.router.add_post("/", upload)
    return app


async def main() -> None:
    logging.disable()  # the traceback of the 500
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for multipart in (False, True):
            for first in ("nothing", "read", "post"):
                form = FormData(
                    {"image": "7"}, default_to_multipart=multipart
                )
                response = await client.post(
                    f"/?first={first}", data=form
                )
                print(f"{multipart=!s:6}{first:8}{response.status}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
