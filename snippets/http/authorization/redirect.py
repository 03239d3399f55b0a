"""Show on which redirects the client keeps Authorization."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:app]
async def show(request: web.Request) -> web.Response:
    got = request.headers.get("Authorization", "nothing")
    return web.Response(text=got)


def build_app(target: str) -> web.Application:
    """Return an application that redirects /leave to a target."""

    async def leave(request: web.Request) -> web.Response:
        raise web.HTTPFound(target)

    app = web.Application()
    app.router.add_get("/show", show)
    app.router.add_get("/leave", leave)
    return app


# --8<-- [end:app]
async def main() -> None:
    # --8<-- [start:call]
    credentials = {"Authorization": "Bearer s3cret"}
    async with TestServer(build_app("/show")) as other:
        away = str(other.make_url("/show"))
        for name, to in (("same port", "/show"), ("other port", away)):
            server = TestServer(build_app(to))
            async with TestClient(server) as client:
                response = await client.get(
                    "/leave", headers=credentials
                )
                print(f"{name:12}{await response.text()}")
    # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
