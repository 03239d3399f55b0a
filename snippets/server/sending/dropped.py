"""Show what a handler lives through when its client hangs up."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer

NEWS = web.AppKey("NEWS", asyncio.Queue[str])


# --8<-- [start:work]
async def work(request: web.Request) -> web.Response:
    """Work for a moment, and tell how it ended."""
    request.app[NEWS].put_nowait("started")
    end = "cancelled"
    try:
        await asyncio.sleep(0.2)
        end = "finished"
    finally:
        request.app[NEWS].put_nowait(end)
    return web.Response()


# --8<-- [end:work]
def build_app() -> web.Application:
    """Return an application with one handler that works."""
    app = web.Application()
    app[NEWS] = asyncio.Queue()
    app.router.add_get("/", work)
    return app


async def hang_up(app: web.Application, host: str, port: int) -> str:
    """Send a request, hang up, and return the handler's news."""
    _, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    started = await app[NEWS].get()
    writer.close()
    return f"{started}, {await app[NEWS].get()}"


# --8<-- [start:main]
async def main() -> None:
    runner = web.AppRunner(app := build_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print("AppRunner: ", await hang_up(app, *runner.addresses[0]))
    await runner.cleanup()
    async with TestServer(app := build_app()) as server:
        port = server.port or 0
        print("TestServer:", await hang_up(app, "127.0.0.1", port))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
