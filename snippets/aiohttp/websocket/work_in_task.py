"""Show a handler that works in a task and goes on receiving."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:listen]
async def work(
    ws: web.WebSocketResponse, jobs: asyncio.Queue[str]
) -> None:
    """Do one job after the other, and report each."""
    while True:
        job = await jobs.get()
        await asyncio.sleep(0.2)  # the work
        await ws.send_str(f"{job} done")


async def listen(request: web.Request) -> web.WebSocketResponse:
    """Queue the jobs that come in; stop when the loop ends."""
    await (ws := web.WebSocketResponse()).prepare(request)
    jobs = asyncio.Queue[str]()
    working = asyncio.create_task(work(ws, jobs))
    try:
        async for message in ws:
            jobs.put_nowait(str(message.data))
    finally:
        working.cancel()
    return ws


# --8<-- [end:listen]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", listen)
    return app


# --8<-- [start:send]
async def main() -> None:
    before = asyncio.all_tasks()
    async with TestClient(TestServer(build_app())) as client:
        ws = await client.ws_connect("/", autoping=False)
        await ws.send_str("first")
        await ws.ping()
        for _ in range(2):
            print((await ws.receive()).type.name)
        await ws.send_str("second")
        await ws.close()
        print("closed with", ws.close_code)
    print("tasks left:", len(asyncio.all_tasks() - before))


# --8<-- [end:send]
if __name__ == "__main__":
    asyncio.run(main())
