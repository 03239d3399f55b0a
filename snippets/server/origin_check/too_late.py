"""Show a check that comes after the handler."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.server.origin_check.forged import FORGED, JOBS, build_app


# --8<-- [start:too_late]
@web.middleware
async def too_late(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Let the handler work, then refuse what it answers."""
    response = await handler(request)
    if request.headers["Origin"] != f"http://{request.host}":
        return web.Response(status=403)
    return response


# --8<-- [end:too_late]
async def main() -> None:
    app = build_app(too_late)
    async with TestClient(TestServer(app)) as client:
        for origin in (FORGED["Origin"], "http://127.0.0.1:8188"):
            headers = FORGED | {"Origin": origin}
            answer = await client.post(
                "/prompt", data="{}", headers=headers
            )
            print(answer.status, "queued:", len(app[JOBS]))


if __name__ == "__main__":
    asyncio.run(main())
