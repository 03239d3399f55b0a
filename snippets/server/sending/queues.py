"""Show a broadcast that no client can hold up."""

import asyncio
from contextlib import suppress

from aiohttp import ClientError, web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:queues]
Queue = asyncio.Queue[bytes]
Queues = dict[asyncio.Transport, Queue]
QUEUES = web.AppKey("QUEUES", Queues)


async def feed(ws: web.WebSocketResponse, queue: Queue) -> None:
    """Send one client what stands in its queue."""
    with suppress(ClientError, ConnectionError):
        while True:
            await ws.send_bytes(await queue.get())


async def join(request: web.Request) -> web.WebSocketResponse:
    """Give each client a queue and a task of its own."""
    await (ws := web.WebSocketResponse()).prepare(request)
    transport = request.transport
    assert transport is not None
    # --8<-- [start:gap]
    queue = Queue(maxsize=8)
    request.app[QUEUES][transport] = queue
    feeding = asyncio.create_task(feed(ws, queue))
    try:
        async for _ in ws:
            pass  # what a client says is not wanted
    finally:
        feeding.cancel()
        request.app[QUEUES].pop(transport)
    # --8<-- [end:gap]
    return ws


# --8<-- [end:queues]
# --8<-- [start:broadcast]
async def broadcast(queues: Queues, message: bytes) -> None:
    """Queue a message for each; cut off who lags behind."""
    for transport, queue in list(queues.items()):
        if queue.full():
            transport.abort()
        else:
            queue.put_nowait(message)
    await asyncio.sleep(0)  # give way, so that `feed` can run


# --8<-- [end:broadcast]
# --8<-- [start:main]
async def main() -> None:
    app = web.Application()
    app[QUEUES] = {}
    app.router.add_get("/", join)
    async with TestClient(TestServer(app)) as client:
        await client.ws_connect("/")  # and never reads
        reader = await client.ws_connect("/")
        await reader.send_str("hello")  # which does not end it
        print(f"{len(app[QUEUES])} clients")
        size = 0
        for _ in range(32):
            await broadcast(app[QUEUES], bytes(2**20))
            size += len(await reader.receive_bytes())
        print(f"{size} bytes, {len(app[QUEUES])} client left")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
