"""Show what a handler can read from its request."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:show]
async def show(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "class": type(request).__name__,
            "method": request.method,
            "path": request.path,
            "match_info": dict(request.match_info),
            "query": request.query.get("type"),
            "all of it": request.query.getall("type"),
            "missing": request.query.get("preview", "none"),
            "header": request.headers["x-KIND"],
            "body": await request.text(),
        }
    )


# --8<-- [end:show]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_post("/view/{folder}", show)
    return app


async def main() -> None:
    # --8<-- [start:main]
    async with TestClient(TestServer(build_app())) as client:
        response = await client.post(
            "/view/my%20cats?type=temp&type=input",
            headers={"X-Kind": "demo"},
            data="hello",
        )
        for name, value in (await response.json()).items():
            print(f"{name:11}{value}")
    # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
