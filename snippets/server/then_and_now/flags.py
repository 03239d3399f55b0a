"""Show which first message of a client counts."""

import asyncio
import json

from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

FLAGS = json.dumps({"type": "feature_flags", "data": {"a": True}})


# --8<-- [start:flags]
async def socket(request: web.Request) -> web.WebSocketResponse:
    """Answer feature flags if they come first.

    Source: ComfyUI 618b803d, server.py, lines 268–299
    """
    await (ws := web.WebSocketResponse()).prepare(request)
    first = True
    async for message in ws:
        try:
            told = json.loads(message.data)
        except json.JSONDecodeError:
            continue  # still waiting for the first
        if told.get("type") == "bye":
            await ws.close()  # not theirs, only to end the show
        if first and told.get("type") == "feature_flags":
            await ws.send_json({"type": "feature_flags", "data": {}})
        first = False
    return ws


# --8<-- [end:flags]
def build_app() -> web.Application:
    """Build an application with the socket."""
    app = web.Application()
    app.router.add_get("/ws", socket)
    return app


async def answered(ws: ClientWebSocketResponse, *sent: str) -> bool:
    """Send messages and a goodbye; say whether an answer came."""
    for text in (*sent, json.dumps({"type": "bye"})):
        await ws.send_str(text)
    return any([message.data async for message in ws])


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for before in ([], ["{}"], ["oops"]):
            ws = await client.ws_connect("/ws")
            print(before, await answered(ws, *before, FLAGS))


if __name__ == "__main__":
    asyncio.run(main())
