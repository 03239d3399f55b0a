"""Show which requests find their route, and what the others get."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:app]
async def models(request: web.Request) -> web.Response:
    return web.Response(text=request.match_info["folder"])


def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/models/{folder}", models)
    return app


# --8<-- [end:app]
REQUESTS = (
    ("GET", "/models/vae"),
    ("HEAD", "/models/vae"),
    ("POST", "/models/vae"),
    ("GET", "/models/vae/"),
    ("GET", "/models/a/b"),
    ("GET", "/models/a%2Fb"),
)


async def main() -> None:
    # --8<-- [start:main]
    async with TestClient(TestServer(build_app())) as client:
        for method, path in REQUESTS:
            response = await client.request(method, path)
            allow = response.headers.get("Allow", "")
            text = await response.text() if response.ok else allow
            print(
                f"{method:4} {path:15}{response.status} {text}".rstrip()
            )
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
