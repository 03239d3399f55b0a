"""Show that allowing Authorization in CORS checks no token."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

from snippets.http.authorization.guard import METHODS, guard, queue


# --8<-- [start:cors]
@web.middleware
async def cors(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Answer preflights; let pages of any origin read the rest."""
    response: web.StreamResponse = web.Response()
    if request.method != "OPTIONS":
        response = await handler(request)
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Headers"] = "Authorization"
    return response


ORDERS: dict[str, list[Middleware]] = {
    "[cors]": [cors],
    "[guard, cors]": [guard, cors],
    "[cors, guard]": [cors, guard],
}


# --8<-- [end:cors]
def build_app(middlewares: list[Middleware]) -> web.Application:
    app = web.Application(middlewares=middlewares)
    app[METHODS] = {}
    app.router.add_post("/queue", queue)
    return app


async def main() -> None:
    # --8<-- [start:call]
    for name, middlewares in ORDERS.items():
        app = build_app(middlewares)
        async with TestClient(TestServer(app)) as client:
            for method in ("OPTIONS", "POST"):
                response = await client.request(method, "/queue")
                origin = response.headers.get(
                    "Access-Control-Allow-Origin"
                )
                print(f"{name:14}{method:8}{response.status} {origin}")
    # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
