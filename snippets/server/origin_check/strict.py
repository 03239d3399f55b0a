"""Show a check that knows its own names and looks up none."""

import asyncio
import logging
from collections.abc import Callable, Container

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving

PAIRS = (
    ("127.0.0.1:8188", "http://127.0.0.1:8188"),
    ("127.0.0.1:8188", "http://localhost:8188"),
    ("127.0.0.1:8188", "http://127.0.0.1:3000"),
    ("127.0.0.1", "http://127.0.0.1:3000"),
    ("127.0.0.1:8188", "http://127.0.0.1"),
    ("[::1]:8188", "http://[::1]"),
    ("192.168.0.5:8188", "https://evil.example"),
    ("0.0.0.0:8188", "https://evil.example"),
    ("127.0.0.1:8188", "null"),
    ("127.0.0.1:abc", "http://127.0.0.1:8188"),
    ("127.0.0.1:8188", ""),
    ("evil.test:8188", ""),
)


# --8<-- [start:strict]
def create_strict_middleware(names: Container[str]) -> Middleware:
    """Return a middleware that knows what the server is called.

    Args:
        names: each Host to answer, with its port, in lower case.

    Returns:
        The middleware: 403 for any other Host, and for an Origin that
        is not this Host's own.
    """

    @web.middleware
    async def strict_middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        # --8<-- [start:gap]
        host = request.headers.get("Host", "").lower()
        own = f"{request.scheme}://{host}"
        page = request.headers.get("Origin", own)
        if host not in names or page != own:
            return web.Response(status=403)
        return await handler(request)
        # --8<-- [end:gap]

    return strict_middleware


# --8<-- [end:strict]
async def ask(
    prepare: Callable[[PromptServer], object] | None = None,
) -> list[int]:
    """Return the status of GET /queue with each pair."""
    statuses = []
    async with serving(prepare=prepare, worker=False) as served:
        for host, origin in PAIRS:
            headers = {"Host": host}
            headers |= {"Origin": origin} if origin else {}
            response = await served.client.get(
                "/queue", headers=headers
            )
            statuses.append(response.status)
    return statuses


def replace_check(server: PromptServer) -> None:
    """Put the strict check where the server's own stands."""
    strict = create_strict_middleware({"127.0.0.1:8188"})
    server.app.middlewares[1] = strict


# --8<-- [start:main]
async def main() -> None:
    logging.disable()
    before, after = await ask(), await ask(replace_check)
    for old, new, pair in zip(before, after, PAIRS, strict=True):
        host, origin = pair
        print(old, "→", new, f"{host:17}{origin or '-'}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
