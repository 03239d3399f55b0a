"""Show how far each request gets, and through whom."""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.server.application.settings import scratch
from snippets.server.recreation.options import WEB
from snippets.server.recreation.part import build

WAY = web.RequestKey("WAY", list[str])


# --8<-- [start:trace]
def name_handler(request: web.Request) -> str:
    """Say what stands behind the innermost middleware."""
    found = request.match_info
    if found.http_exception is not None:
        return "router"  # with its 404 or 405
    files = isinstance(found.route.resource, web.StaticResource)
    return "static files" if files else found.handler.__name__


def trace(app: web.Application) -> list[list[str]]:
    """Let an app, not yet running, note what each request reaches.

    Returns a list to which each request adds its own, of names:
    middlewares, then the handler; the last one had it last.
    """
    ways: list[list[str]] = []

    def spy(inner: Any) -> Any:
        async def noted(request: web.Request, handler: Any) -> Any:
            if not (way := request.setdefault(WAY, [])):
                ways.append(way)
            way.append(inner.__name__)
            return await inner(request, handler)

        return noted

    async def end(request: web.Request, handler: Any) -> Any:
        request[WAY].append(name_handler(request))
        return await handler(request)

    around = [*map(spy, app.middlewares), end]
    app.middlewares[:] = map(web.middleware, around)
    return ways


# --8<-- [end:trace]
async def main() -> None:
    ways = trace(app := build(scratch(web_root=WEB)).app)
    async with TestClient(TestServer(app)) as client:
        for word in ("GET /api/queue", "GET /a.js", "POST /a"):
            answer = await client.request(*word.split())
            print(answer.status, word, *ways[-1], sep=", ")


if __name__ == "__main__":
    asyncio.run(main())
