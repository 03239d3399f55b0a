"""Show a session that ends only with the socket that has it."""

import asyncio
import uuid

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.websocket.small import small_server
from snippets.server.websocket.takeover import who_hears

routes = web.RouteTableDef()


# --8<-- [start:own]
@routes.get("/ws")
async def websocket_handler(
    request: web.Request,
) -> web.WebSocketResponse:
    """Take a name over; give it back only while it is ours."""
    sockets = request.app[SERVER].sockets
    await (ws := web.WebSocketResponse()).prepare(request)
    sid = request.query.get("clientId") or uuid.uuid4().hex
    old, sockets[sid] = sockets.pop(sid, None), ws
    try:
        if old is not None:
            await old.close(code=4000, message=b"opened elsewhere")
        async for _ in ws:
            pass
    finally:
        if sockets.get(sid) is ws:
            del sockets[sid]
    return ws


# --8<-- [end:own]
async def main() -> None:
    async with small_server(routes) as (server, client):
        url = "/ws?clientId=me"
        first = await client.ws_connect(url)
        second = await client.ws_connect(url, autoping=False)
        print("first heard:", (await first.receive()).extra)
        print("first left:", await who_hears(server, second=second))
        await second.close()
        print("names kept:", len(server.sockets))


if __name__ == "__main__":
    asyncio.run(main())
