"""Show a check that knows its own names and looks up none."""

import asyncio
from collections.abc import Container

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from snippets.recreation.server import PromptServer
from snippets.server.origin_check.verdicts import PAIRS, verdicts


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
def replace_check(server: PromptServer) -> None:
    """Put the strict check where the server's own stands."""
    strict = create_strict_middleware({"127.0.0.1:8188"})
    server.app.middlewares[1] = strict


# --8<-- [start:main]
WITHOUT = ("127.0.0.1:8188", ""), ("evil.test:8188", "")


async def main() -> None:
    pairs = PAIRS + WITHOUT
    print(*await verdicts(replace_check, pairs), sep="\n")


# --8<-- [end:main]

if __name__ == "__main__":
    asyncio.run(main())
