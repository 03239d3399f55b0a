"""Show what ends a WebSocket, and what each side learns."""

import asyncio
import socket

from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
    web,
)

# --8<-- [start:listen]
OPEN = web.AppKey("OPEN", asyncio.Queue[web.WebSocketResponse])
ENDS = web.AppKey("ENDS", asyncio.Queue[str])


async def listen(request: web.Request) -> web.WebSocketResponse:
    """Receive to the end; report messages and close code."""
    ws = web.WebSocketResponse(max_msg_size=100)
    await ws.prepare(request)
    request.app[OPEN].put_nowait(ws)
    received = [message.type.name async for message in ws]
    end = f"{' '.join(received) or '-':8}{ws.close_code}"
    request.app[ENDS].put_nowait(end)
    return ws


# --8<-- [end:listen]
# --8<-- [start:end]
CAUSES = (
    "client closes",
    "server closes",
    "too big",
    "not UTF-8",
    "lost",
)


async def end(
    cause: str,
    client: ClientWebSocketResponse,
    server: web.WebSocketResponse,
) -> None:
    """End a connection in one of five ways."""
    match cause:
        case "client closes":
            await client.close(code=4000)
        case "server closes":
            await server.close(code=4000)
        case "too big":
            await client.send_bytes(bytes(100))
        case "not UTF-8":
            await client.send_frame(b"\xff", WSMsgType.TEXT)
        case _:
            connection = client.get_extra_info("socket")
            connection.shutdown(socket.SHUT_RDWR)


# --8<-- [end:end]
async def main() -> None:
    app = web.Application()
    app[OPEN], app[ENDS] = asyncio.Queue(), asyncio.Queue()
    app.router.add_get("/", listen)
    await (runner := web.AppRunner(app)).setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    async with ClientSession() as session:
        # --8<-- [start:main]
        print(f"{'cause':15}loop    server  client")
        for cause in CAUSES:
            ws = await session.ws_connect(site.name)
            await end(cause, ws, await app[OPEN].get())
            await ws.receive()
            row = f"{cause:15}{await app[ENDS].get()}"
            print(f"{row}    {ws.close_code}")
        # --8<-- [end:main]
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
