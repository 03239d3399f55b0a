"""Show a handler that works first and receives afterwards."""

import asyncio

from aiohttp import ClientSession, ClientWSTimeout, web

DONE = web.AppKey("DONE", asyncio.Event)


# --8<-- [start:work]
async def work(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    await request.app[DONE].wait()  # the work
    print("server, work done:", ws.closed, ws.close_code)
    async for message in ws:
        print("server, listening:", message.data)
    print("server, loop over:", ws.closed, ws.close_code)
    return ws


# --8<-- [end:work]
# --8<-- [start:close]
async def leave(url: str, done: asyncio.Event) -> None:
    limit = ClientWSTimeout(ws_close=0.2)  # 10 by default
    async with ClientSession() as session:
        ws = await session.ws_connect(url, timeout=limit)
        await ws.send_str("stop that work!")
        await ws.close(code=4000)
        print("client, timed out:", ws.close_code)
    done.set()


# --8<-- [end:close]
async def main() -> None:
    app = web.Application()
    app[DONE] = asyncio.Event()
    app.router.add_get("/", work)
    runner = web.AppRunner(app)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    await leave(site.name, app[DONE])
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
