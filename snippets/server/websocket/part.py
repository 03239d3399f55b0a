"""Show what a client hears when it comes, and comes back."""

import asyncio
import logging
import uuid

from aiohttp import WSMsgType, web

from snippets.server.application.part import SERVER
from snippets.server.websocket.small import small_server

routes = web.RouteTableDef()


# --8<-- [start:ws]
@routes.get("/ws")
async def websocket_handler(
    request: web.Request,
) -> web.WebSocketResponse:
    """Keep a client's socket until it leaves; read, and forget.

    Source: ComfyUI v0.3.10, server.py 186–211.
    """
    server = request.app[SERVER]
    await (ws := web.WebSocketResponse()).prepare(request)
    sid = request.query.get("clientId") or uuid.uuid4().hex
    server.sockets.pop(sid, None)  # so that it goes to the end
    server.sockets[sid] = ws
    try:
        status = {"status": server.queue_info(), "sid": sid}
        await server.send("status", status, sid)
        if server.client_id == sid and server.last_node_id is not None:
            node = {"node": server.last_node_id}
            await server.send("executing", node, sid)
        async for message in ws:
            if message.type == WSMsgType.ERROR:
                logging.warning(
                    "ws connection closed with exception %s",
                    ws.exception(),
                )
    finally:
        server.sockets.pop(sid, None)  # whoever's it is by now
    return ws


# --8<-- [end:ws]
# --8<-- [start:main]
async def main() -> None:
    async with small_server(routes) as (server, client):
        server.client_id, server.last_node_id = "me", "7"
        for path in ("/ws", "/ws?clientId=", "/ws?clientId=me"):
            ws = await client.ws_connect(path)
            greeting = await ws.receive_json()
            print(path, len(greeting["data"]["sid"]), "characters")
        print(greeting["type"], greeting["data"])
        print(await ws.receive_json())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
