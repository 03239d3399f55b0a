"""Show a handler that works first and receives afterwards."""

import asyncio

from aiohttp import ClientSession, ClientWSTimeout, web

DONE = web.AppKey("DONE", asyncio.Event)


# --8<-- [start:work]
async def work(request: web.Request) -> web.WebSocketResponse:
    await (ws := web.WebSocketResponse()).prepare(request)
    await request.app[DONE].wait()  # the work
    print("server, work done:", ws.closed, ws.close_code)
    async for message in ws:
        print("server, listening:", message.data)
    print("server, loop over:", ws.closed, ws.close_code)
    return ws


# --8<-- [end:work]
async def main() -> None:
    app = web.Application()
    app[DONE] = asyncio.Event()
    app.router.add_get("/", work)
    runner = web.AppRunner(app)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    async with ClientSession() as session:
        # --8<-- [start:close]
        limit = ClientWSTimeout(ws_close=0.2)  # 10 by default
        ws = await session.ws_connect(site.name, timeout=limit)
        await ws.send_str("stop that work!")
        await ws.close(code=4000)
        print("client, timed out:", ws.close_code)
        app[DONE].set()
        # --8<-- [end:close]
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
