"""Show a server with a pool of processes, from start to end."""

import asyncio
import signal
import socket
from concurrent.futures import ProcessPoolExecutor

from aiohttp import ClientSession, web

from snippets.asyncio.io_and_cpu.workers import build_pool

POOL = web.AppKey("POOL", ProcessPoolExecutor)


# --8<-- [start:serve]
def invert(pixels: bytes) -> bytes:
    """Run in a process: pickled copies come in and go back."""
    return bytes(255 - pixel for pixel in pixels)


async def post(request: web.Request) -> web.Response:
    loop, pixels = asyncio.get_running_loop(), await request.read()
    pool = request.app[POOL]
    body = await loop.run_in_executor(pool, invert, pixels)
    print(*pixels, "become", *body)
    return web.Response(body=body)


def serve(app: web.Application, sock: socket.socket) -> None:
    """Serve until Ctrl-C, with a pool around the event loop."""
    with build_pool() as pool:
        app[POOL] = pool
        web.run_app(app, sock=sock, print=None)


# --8<-- [end:serve]
def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        tasks: list[asyncio.Task[None]] = []

        async def ask() -> None:
            """Send a request, then press Ctrl-C."""
            pixels = bytes([0, 100, 255])
            try:
                async with ClientSession() as session:
                    await session.post(url, data=pixels)
            finally:
                signal.raise_signal(signal.SIGINT)

        async def start(app: web.Application) -> None:
            tasks.append(asyncio.create_task(ask()))

        app = web.Application()
        app.router.add_post("/", post)
        app.on_startup.append(start)
        serve(app, sock)


if __name__ == "__main__":
    main()
