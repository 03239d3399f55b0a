"""Show one origin let in to read and write, and no other."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.server.origin_check.forged import JOBS, build_app

# --8<-- [start:guarded]
FRIEND = "https://app.example"
NAME = "Access-Control-Allow"


@web.middleware
async def guard(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Refuse pages that are neither our own nor the friend's."""
    own = f"{request.scheme}://{request.host}"
    if request.headers.get("Origin", own) not in (own, FRIEND):
        return web.Response(status=403)
    if "Access-Control-Request-Method" in request.headers:
        return web.Response(status=204)
    return await handler(request)


async def allow(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Let the friend read whatever leaves; runs in the signal."""
    response.headers[f"{NAME}-Origin"] = FRIEND
    response.headers[f"{NAME}-Methods"] = "PATCH, PUT, DELETE"
    response.headers[f"{NAME}-Headers"] = "Content-Type, Comfy-User"


# --8<-- [end:guarded]
async def main() -> None:
    app = build_app(guard)
    app.on_response_prepare.append(allow)
    async with TestClient(TestServer(app)) as client:
        for page in (FRIEND, "https://evil.example", "null"):
            for path in ("/prompt", "/none"):
                answer = await client.post(
                    path, data="{}", headers={"Origin": page}
                )
                print(answer.status, page, path)
    print("may read:", answer.headers[f"{NAME}-Origin"])
    print("queued:", len(app[JOBS]))


if __name__ == "__main__":
    asyncio.run(main())
