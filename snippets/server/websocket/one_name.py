"""Show step by step who has a name and who receives messages."""

import asyncio

from aiohttp import ClientWebSocketResponse
from aiohttp.web import WebSocketResponse

from snippets.recreation.serving import serving
from snippets.server.websocket.takeover import heard

# --8<-- [start:orders]
ORDERS = {
    "older": ["first comes", "second comes", "first leaves"],
    "newer": ["first comes", "second comes", "second leaves"],
    "anew": [
        "first comes",
        "second comes",
        "first leaves",
        "second leaves",
        "second comes",
    ],
}


# --8<-- [end:orders]
# --8<-- [start:follow]
async def follow(order: list[str]) -> list[str]:
    """Return each step, the name's owner, and who hears a message."""
    steps: list[str] = []
    clients: dict[str, ClientWebSocketResponse] = {}
    owned: dict[str, WebSocketResponse] = {}
    async with serving() as (server, client, *_):
        for step in order:
            who, does = step.split()
            if does == "comes":
                url = "/ws?clientId=me"
                ws = await client.ws_connect(url, autoping=False)
                await ws.receive_json()  # the greeting
                clients[who], owned[who] = ws, server.sockets["me"]
            else:
                await clients.pop(who).close()
            await server.send("news", "to all")
            has = server.sockets.get("me")
            owner = [label for label in owned if owned[label] is has]
            said = [
                f"{label} {'hears' if await heard(ws) else 'deaf'}"
                for label, ws in clients.items()
            ]
            steps.append(
                " / ".join([step, *(owner or ["none"]), *said])
            )
    return steps


# --8<-- [end:follow]
# --8<-- [start:main]
async def main() -> None:
    for label, order in ORDERS.items():
        print(f"{label}: {', '.join(await follow(order))}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
