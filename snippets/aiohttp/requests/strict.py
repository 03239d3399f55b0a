"""Show a handler that responds to every bad body with 400."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.aiohttp.requests.prompt import BODIES


# --8<-- [start:prompt]
async def prompt(request: web.Request) -> web.Response:
    """Take a job, or say what is wrong with it."""
    # --8<-- [start:gap]
    try:
        data = await request.json()
    except (
        ValueError,
        LookupError,
        RecursionError,
        web.RequestPayloadError,
    ):
        data = None
    match data:
        case {"prompt": job}:
            return web.json_response({"queued": job})
        case {}:  # any other object
            error = "no prompt"
        case _:
            error = "not a JSON object"
    return web.json_response({"error": error}, status=400)
    # --8<-- [end:gap]


# --8<-- [end:prompt]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_post("/prompt", prompt)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:main]
        for body in BODIES:
            response = await client.post("/prompt", data=body)
            print(f"{body:14}{response.status} {await response.text()}")
        # --8<-- [end:main]


if __name__ == "__main__":
    asyncio.run(main())
