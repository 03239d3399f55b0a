"""Show a server that goes on when its worker thread has died."""

import asyncio
import queue
import threading
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:work]
JOBS = web.AppKey("JOBS", queue.Queue[Any])


def work(jobs: queue.Queue[Any]) -> None:
    """Do jobs for ever, with no `try` around any of them."""
    while True:
        job = jobs.get()
        print("worker: has a client:", "client" in job)


async def post(request: web.Request) -> web.Response:
    jobs = request.app[JOBS]
    jobs.put(await request.json())
    return web.Response(text=f"{jobs.qsize()} waiting")


# --8<-- [end:work]
# --8<-- [start:main]
def print_name(args: threading.ExceptHookArgs) -> None:
    print("worker:", args.exc_type.__name__)


async def main() -> None:
    threading.excepthook = print_name
    app = web.Application()
    app[JOBS] = queue.Queue()
    app.router.add_post("/", post)
    worker = threading.Thread(target=work, args=(app[JOBS],))
    worker.start()
    async with TestClient(TestServer(app)) as client:
        for job in ({"client": "a"}, 5):
            await client.post("/", json=job)
        await asyncio.to_thread(worker.join)
        for job in ({"client": "b"}, {"client": "c"}):
            response = await client.post("/", json=job)
            print(response.status, await response.text())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
