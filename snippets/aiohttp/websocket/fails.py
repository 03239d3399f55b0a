"""Show a task that closes the WebSocket when its work fails."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


# --8<-- [start:work]
async def work(
    ws: web.WebSocketResponse, jobs: asyncio.Queue[str]
) -> None:
    """Do one job after the other; if one fails, close."""
    # --8<-- [start:gap]
    try:
        while True:
            number = int(await jobs.get())
            await ws.send_str(f"{number} doubled: {2 * number}")
    finally:
        await ws.close(code=1011)
    # --8<-- [end:gap]


# --8<-- [end:work]
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


def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", listen)
    return app


# --8<-- [start:send]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        ws = await client.ws_connect("/")
        for job in ("4", "four"):
            await ws.send_str(job)
        async with asyncio.timeout(5):  # else it may wait for ever
            async for message in ws:
                print(message.data)
        print("close code:", ws.close_code)


# --8<-- [end:send]
if __name__ == "__main__":
    asyncio.run(main())
