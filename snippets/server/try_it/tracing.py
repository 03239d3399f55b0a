"""Show how far each request gets, and through whom."""

import asyncio
from typing import Any

from aiohttp import web

from snippets.recreation.serving import serving

TRACE = web.RequestKey("TRACE", list[str])


# --8<-- [start:trace]
def name_handler(request: web.Request) -> str:
    """Name what stands behind the innermost middleware."""
    found = request.match_info
    if found.http_exception is not None:
        return "router"  # with its 404 or 405
    files = isinstance(found.route.resource, web.StaticResource)
    return "static files" if files else found.handler.__name__


def trace(app: web.Application, traces: list[list[str]]) -> None:
    """Let an app, not yet running, note what each request reaches.

    Each request adds a list of names: middlewares, then the handler.
    """

    def traced(inner: Any) -> Any:
        async def noted(request: web.Request, handler: Any) -> Any:
            if not (names := request.setdefault(TRACE, [])):
                traces.append(names)
            names.append(inner.__name__)
            return await inner(request, handler)

        return noted

    async def last(request: web.Request, handler: Any) -> Any:
        request[TRACE].append(name_handler(request))
        return await handler(request)

    around = [*map(traced, app.middlewares), last]
    app.middlewares[:] = map(web.middleware, around)


# --8<-- [end:trace]
# --8<-- [start:ask]
async def main() -> None:
    traces: list[list[str]] = []
    async with serving(
        prepare=lambda server: trace(server.app, traces), worker=False
    ) as (_, client, *_):
        for word in ("GET /api/queue", "GET /a.js", "POST /a"):
            response = await client.request(*word.split())
            print(response.status, word, *traces[-1], sep=", ")


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
