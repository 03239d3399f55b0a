"""Show which message of a client counts as its first."""

import asyncio
import json

from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

# --8<-- [start:messages]
FLAGS = json.dumps(
    {
        "type": "feature_flags",
        "data": {"supports_preview_metadata": True},
    }
)
BEFORE: tuple[str | bytes | None, ...] = (
    None,
    "{}",
    "[]",
    "oops",
    b"{}",
)


# --8<-- [end:messages]
# --8<-- [start:flags]
async def socket(request: web.Request) -> web.WebSocketResponse:
    """Answer feature flags, if no JSON object came before them.

    Source: ComfyUI 2f35f4a0, server.py, lines 269–327
    """
    await (ws := web.WebSocketResponse()).prepare(request)
    first = True
    async for message in ws:
        if message.type != WSMsgType.TEXT:
            continue
        try:
            told = json.loads(message.data)
            if first and told.get("type") == "feature_flags":
                await ws.send_json({"type": "feature_flags"})
            first = False
        except Exception:
            pass  # they log it; the first is still to come
    return ws


# --8<-- [end:flags]
def build_app() -> web.Application:
    """Build an application with the socket."""
    app = web.Application()
    app.router.add_get("/ws", socket)
    return app


async def answered(
    ws: ClientWebSocketResponse, before: str | bytes | None
) -> bool:
    """Say something, then the flags; say whether those are answered.

    Args:
        ws: a connection opened with `autoping=False`.
        before: text or bytes, or None for nothing.
    """
    if isinstance(before, bytes):
        await ws.send_bytes(before)
    elif before is not None:
        await ws.send_str(before)
    await ws.send_str(FLAGS)
    await ws.ping()
    return (await ws.receive()).type == WSMsgType.TEXT


# --8<-- [start:call]
async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for before in BEFORE:
            ws = await client.ws_connect("/ws", autoping=False)
            print(f"{before!s:20}{await answered(ws, before)}")


# --8<-- [end:call]
if __name__ == "__main__":
    asyncio.run(main())
