"""Show what becomes of a middleware class without a mark."""

import asyncio
import logging
import warnings
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:class]
class MyMiddleware:
    async def __call__(self, request: Any, handler: Any) -> Any:
        print("Before handler: request is", type(request).__name__)
        response = await handler(request)
        print("After handler: response is", type(response).__name__)
        return response


async def hello(request: web.Request) -> web.Response:
    print("hello() is given", type(request).__name__)
    return web.Response()


def build_app() -> web.Application:
    app = web.Application(middlewares=[MyMiddleware()])
    app.router.add_get("/", hello)
    return app


# --8<-- [end:class]
class Report(logging.Handler):
    """Print the type of each exception that aiohttp logs."""

    def emit(self, record: logging.LogRecord) -> None:
        assert record.exc_info
        print(type(record.exc_info[1]).__name__)


async def main() -> None:
    logging.basicConfig(handlers=[Report()])
    client = TestClient(TestServer(build_app()))
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", "old-style middleware")
        await client.start_server()
    print("started,", *(w.category.__name__ for w in caught))
    # --8<-- [start:main]
    for path in ("/", "/none"):
        print(f"\nGET {path}")
        print((await client.get(path)).status)
    # --8<-- [end:main]
    await client.close()


if __name__ == "__main__":
    asyncio.run(main())
