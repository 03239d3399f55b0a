"""Show sends to a client whose connection just broke."""

import asyncio
import logging
import socket

from aiohttp import web

from snippets.server.sending.caught import outcome

OPEN = web.AppKey("OPEN", asyncio.Queue[web.WebSocketResponse])
UPGRADE = """GET / HTTP/1.1\r
Host: localhost\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"""


# --8<-- [start:listen]
async def listen(request: web.Request) -> web.WebSocketResponse:
    """Listen to the end, and print how it came."""
    await (ws := web.WebSocketResponse()).prepare(request)
    request.app[OPEN].put_nowait(ws)
    end = "CancelledError"
    try:
        heard = [message async for message in ws]
        end = f"{len(heard)} messages"
    finally:
        print(f"  loop: {end}; closed={ws.closed}, {ws.close_code}")
    return ws


# --8<-- [end:listen]
async def main() -> None:
    logging.disable()  # a warning for each that is caught
    for cancel in (False, True):
        app = web.Application()
        app[OPEN] = asyncio.Queue()
        app.router.add_get("/", listen)
        runner = web.AppRunner(app, handler_cancellation=cancel)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        with socket.create_connection(runner.addresses[0]) as client:
            client.sendall(UPGRADE.encode())
            ws = await app[OPEN].get()
        # Closed with the answer unread, the connection is reset.
        print(f"handler_cancellation={cancel}")
        # --8<-- [start:sends]
        for number in (1, 2, 3):
            print(f"  send {number}:", await outcome(ws.send_str, "hi"))
        print(f"  after all: closed={ws.closed}")
        # --8<-- [end:sends]
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
