"""Show an aiohttp server and client that ignore Cache-Control."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

REQUESTS = (
    "",
    "",
    "max-age=3600, public",
    "only-if-cached",
    "no-store",
)
CALLS = web.AppKey("CALLS", list[str])


# --8<-- [start:handler]
async def count(request: web.Request) -> web.Response:
    """Return the number of the call, to be stored for an hour."""
    calls = request.app[CALLS]
    calls.append(request.headers.get("Cache-Control", "nothing"))
    headers = {"Cache-Control": "max-age=3600"}
    text = f"call {len(calls)}: request: {calls[-1]}"
    return web.Response(text=text, headers=headers)


# --8<-- [end:handler]
def build_app() -> web.Application:
    app = web.Application()
    app[CALLS] = []
    app.router.add_get("/", count)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for field in REQUESTS:
            headers = {"Cache-Control": field} if field else {}
            response = await client.get("/", headers=headers)
            control = response.headers["Cache-Control"]
            print(f"{await response.text()}; response: {control}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
