"""Show which header sections aiohttp refuses before any handler."""

import asyncio
import logging

from aiohttp import web
from aiohttp.test_utils import TestServer

from snippets.http.index.wire import ask

# --8<-- [start:requests]
REQUESTS = (
    ("GET / HTTP/1.1", "Host: x"),
    ("GET / HTTP/1.1",),
    ("GET / HTTP/1.0",),
    ("GET / HTTP/1.1", "Host: x", "Host: y"),
    ("GET / HTTP/1.1", "Host: x", "Accept : y"),
)


async def hello(request: web.Request) -> web.Response:
    print("handler,", end=" ")
    return web.Response()


# --8<-- [end:requests]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", hello)
    return app


async def main() -> None:
    logging.disable()  # the traceback behind each 400
    async with TestServer(build_app()) as server:
        # --8<-- [start:call]
        for lines in REQUESTS:
            print(f"{', '.join(lines):37}", end="")
            print((await ask(server, *lines))["Status"])
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
