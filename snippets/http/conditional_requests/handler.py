"""Show a handler that only sends a tag, and one that also reads it."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:handlers]
async def tagged(request: web.Request) -> web.Response:
    """Send a tag, and ignore the client's."""
    response = web.Response(text="report")
    response.etag = "v1"
    return response


def known(request: web.Request, tag: str) -> bool:
    """Say whether `If-None-Match` has the tag, weak or strong."""
    tags = request.if_none_match or ()
    return any(sent.value in (tag, "*") for sent in tags)


async def checked(request: web.Request) -> web.Response:
    """Send 304 to a client that has the report."""
    if known(request, "v1"):
        response = web.Response(status=304)
    else:
        response = web.Response(text="report")
    response.etag = "v1"
    return response


# --8<-- [end:handlers]
async def main() -> None:
    app = web.Application()
    app.add_routes([web.get("/tagged", tagged)])
    app.add_routes([web.get("/checked", checked)])
    async with TestClient(TestServer(app)) as client:
        # --8<-- [start:call]
        for path in ("/tagged", "/checked"):
            for tag in ('"v0"', '"v1"'):
                headers = {"If-None-Match": tag}
                response = await client.get(path, headers=headers)
                body = await response.read()
                print(path, tag, response.status, body)
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
