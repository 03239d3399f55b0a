"""Show a write that If-Match protects from a lost update."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:write]
VERSIONS = web.AppKey("VERSIONS", list[str])


async def write(request: web.Request) -> web.Response:
    """Store a new version, unless the client knows only an old one."""
    text = await request.text()
    versions = request.app[VERSIONS]
    valid = (f"v{len(versions)}", "*")
    sent = request.if_match
    if sent is None or any(
        tag.value in valid and not tag.is_weak for tag in sent
    ):
        versions.append(text)
        response = web.Response()
    else:
        response = web.Response(status=412)
    response.etag = f"v{len(versions)}"
    return response


# --8<-- [end:write]
def build_app() -> web.Application:
    """Return an application that has version v1."""
    app = web.Application()
    app[VERSIONS] = ["first"]
    app.router.add_put("/report", write)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for tag in ('"v1"', '"v1"', "v2", '"v2"'):
            headers = {"If-Match": tag}
            response = await client.put("/report", headers=headers)
            print(f"{tag:5}", response.status, response.headers["ETag"])
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
