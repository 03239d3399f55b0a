"""Show what is logged if the client has left before the response."""

import asyncio
import logging
from contextlib import suppress

from aiohttp import web

LEFT = web.AppKey("LEFT", asyncio.Event)


# --8<-- [start:handlers]
async def work(request: web.Request) -> None:
    """Work until the client has closed its connection."""
    await request.app[LEFT].wait()


async def returned(request: web.Request) -> web.StreamResponse:
    await work(request)
    return web.Response(text="done")


async def sent(request: web.Request) -> web.StreamResponse:
    await work(request)
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"done")
    return response


async def careful(request: web.Request) -> web.StreamResponse:
    await work(request)
    response = web.StreamResponse()
    with suppress(ConnectionError):
        await response.prepare(request)
        await response.write(b"done")
    return response


# --8<-- [end:handlers]
class Report(logging.Handler):
    """Print what aiohttp logs, and the exception with it."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        print(" ", record.getMessage().replace(" from 127.0.0.1", ""))
        print(f"  {type(error).__name__}: {error}")


async def leave(app: web.Application, port: int, path: str) -> None:
    """Send a request, and close without reading the response."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await asyncio.sleep(0.1)  # the handler begins
    writer.close()
    await asyncio.sleep(0.1)  # the server notices
    app[LEFT].set()
    await asyncio.sleep(0.1)  # the handler ends
    app[LEFT].clear()


def build_app() -> web.Application:
    app = web.Application()
    app[LEFT] = asyncio.Event()
    for handler in (returned, sent, careful):
        app.router.add_get(f"/{handler.__name__}", handler)
    return app


async def main() -> None:
    logging.getLogger("aiohttp.server").addHandler(Report())
    runner = web.AppRunner(app := build_app(), access_log=None)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    # --8<-- [start:main]
    for path in ("/returned", "/sent", "/careful"):
        print("GET", path)
        await leave(app, site.port, path)
    # --8<-- [end:main]
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
