"""Show a name that only the connection that has it gives back."""

import asyncio
import uuid

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.websocket.takeover import receivers


# --8<-- [start:owner]
class OwnerOnlyServer(PromptServer):
    """Forgets a name only while the connection still has it."""

    async def websocket_handler(
        self, request: web.Request
    ) -> web.WebSocketResponse:
        """Take a name over; tell and close whoever had it."""
        await (ws := web.WebSocketResponse()).prepare(request)
        sid = request.query.get("clientId") or uuid.uuid4().hex
        # --8<-- [start:gap]
        old = self.sockets.pop(sid, None)
        self.sockets[sid] = ws
        try:
            status = {"status": self.get_queue_info(), "sid": sid}
            await self.send("status", status, sid)
            if old is not None:
                # drain=False (aiohttp 3.9.2): do not wait for room.
                await old.close(
                    code=4000, message=b"opened elsewhere", drain=False
                )
            async for _ in ws:
                pass
        finally:
            if self.sockets.get(sid) is ws:
                del self.sockets[sid]
        # --8<-- [end:gap]
        return ws


# --8<-- [end:owner]
# --8<-- [start:main]
async def main() -> None:
    async with serving(server_class=OwnerOnlyServer) as served:
        server, client, *_ = served
        url = "/ws?clientId=me"
        first = await client.ws_connect(url)
        second = await client.ws_connect(url, autoping=False)
        greeting = (await first.receive_json())["type"]
        farewell = (await first.receive()).extra
        print(f"first received: {greeting}, {farewell}")
        await second.receive_json()
        print("first left:", await receivers(server, second=second))
        await second.close()
        print("names kept:", len(server.sockets))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
