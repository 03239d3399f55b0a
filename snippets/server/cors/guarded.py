"""Show one origin let in to read and write, and no other."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.origin_check.forged import BODY

# --8<-- [start:guarded]
FRIEND = "https://app.example"
NAME = "Access-Control-Allow"


@web.middleware
async def guard(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Refuse pages that are neither our own nor the friend's."""
    # --8<-- [start:gap]
    own = f"{request.scheme}://{request.host}"
    if request.headers.get("Origin", own) not in (own, FRIEND):
        return web.Response(status=403)
    if "Access-Control-Request-Method" in request.headers:
        return web.Response(status=204)
    return await handler(request)
    # --8<-- [end:gap]


async def allow(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Let the friend read whatever leaves; runs in the signal."""
    response.headers[f"{NAME}-Origin"] = FRIEND
    response.headers[f"{NAME}-Methods"] = "PATCH, PUT, DELETE"
    response.headers[f"{NAME}-Headers"] = "Content-Type, Comfy-User"


# --8<-- [end:guarded]
# --8<-- [start:main]
def protect(server: PromptServer) -> None:
    """Put the guard in place of the origin check; add the signal."""
    # 0 is cache_control, 1 the origin check
    server.app.middlewares[1] = guard
    server.app.on_response_prepare.append(allow)


async def main() -> None:
    async with serving(prepare=protect, worker=False) as served:
        own = "http://{}:{}".format(*served.address)
        for page in (FRIEND, "https://evil.example", "null", own, None):
            origin = {"Origin": page} if page else {}
            for path in ("/prompt", "/internal/none"):
                response = await served.client.post(
                    path, data=BODY, headers=origin
                )
                who = "its own page" if page == own else page
                print(f"{response.status}  {who!s:22}{path}")
        asked = {"Access-Control-Request-Method": "PATCH"}
        response = await served.client.options(
            "/internal/logs/subscribe",
            headers={"Origin": FRIEND, **asked},
        )
    print("may send PATCH:", response.ok)
    print("may read:", response.headers[f"{NAME}-Origin"])
    queued = served.server.prompt_queue.get_tasks_remaining()
    print("queued:", queued)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
