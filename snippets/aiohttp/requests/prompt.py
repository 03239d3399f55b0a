"""Show how a handler that checks no body responds to bad ones."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

BODIES = (
    '{"prompt": 1}',
    "{}",
    "[]",
    '["prompt"]',
    '"hello"',
    '"prompt"',
    "null",
    "{oops",
    "",
)


# --8<-- [start:prompt]
async def prompt(request: web.Request) -> web.Response:
    """Take a job; do not check that the body is an object."""
    data = await request.json()
    if "prompt" in data:
        return web.json_response({"queued": data["prompt"]})
    return web.json_response({"error": "no prompt"}, status=400)


# --8<-- [end:prompt]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_post("/prompt", prompt)
    return app


async def main() -> None:
    logging.disable()  # the tracebacks of the 500s
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for body in BODIES:
            response = await client.post("/prompt", data=body)
            line = (await response.text()).partition("\n")[0]
            print(f"{body:14}{response.status} {line}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
