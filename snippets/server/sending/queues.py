"""Show a broadcast that no client can hold up."""

import asyncio
from contextlib import suppress

from aiohttp import ClientError, web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:queues]
SECONDS = 3  # by then a message has to be sent
Queue = asyncio.Queue[tuple[float, bytes]]
QUEUES = web.AppKey("QUEUES", set[Queue])


async def feed(
    request: web.Request, ws: web.WebSocketResponse, queue: Queue
) -> None:
    """Send one client its messages; if one is late, cut it off."""
    with suppress(ClientError, ConnectionError, TimeoutError):
        while True:
            deadline, message = await queue.get()
            async with asyncio.timeout_at(deadline):
                await ws.send_bytes(message)
    if request.transport:
        request.transport.abort()


async def join(request: web.Request) -> web.WebSocketResponse:
    """Give each client a queue and a task of its own."""
    await (ws := web.WebSocketResponse()).prepare(request)
    # --8<-- [start:gap]
    request.app[QUEUES].add(queue := Queue())
    feeding = asyncio.create_task(feed(request, ws, queue))
    try:
        async for _ in ws:
            pass  # what a client says is not wanted
    finally:
        feeding.cancel()
        request.app[QUEUES].remove(queue)
    # --8<-- [end:gap]
    return ws


# --8<-- [end:queues]
# --8<-- [start:broadcast]
def broadcast(queues: set[Queue], message: bytes) -> None:
    """Queue a message for each client, and wait for none."""
    deadline = asyncio.get_running_loop().time() + SECONDS
    for queue in queues:
        queue.put_nowait((deadline, message))


# --8<-- [end:broadcast]
# --8<-- [start:main]
async def main() -> None:
    app = web.Application()
    app[QUEUES] = set()
    app.router.add_get("/", join)
    async with TestClient(TestServer(app)) as client:
        await client.ws_connect("/")  # and never reads
        reader = await client.ws_connect("/")
        await reader.send_str("hello")  # which does not end it
        print(f"{len(app[QUEUES])} clients")
        for _ in range(32):
            broadcast(app[QUEUES], bytes(2**20))
        sizes = [len(await reader.receive_bytes()) for _ in range(32)]
        while len(app[QUEUES]) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        print(f"{sum(sizes)} bytes, {len(app[QUEUES])} client left")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
