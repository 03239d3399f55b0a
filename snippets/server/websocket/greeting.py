"""Show what a client receives when it connects, and reconnects."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (server, client, *_):
        server.client_id, server.last_node_id = "me", "7"
        paths = "/ws", "/ws?clientId=", "/ws?clientId=me"
        clients = [await client.ws_connect(path) for path in paths]
        for path, ws in zip(paths, clients, strict=True):
            greeting = await ws.receive_json()
            print(path, len(greeting["data"]["sid"]), "characters")
        print(greeting["type"], greeting["data"])
        print(await ws.receive_json())
        print("connected:", len(server.sockets))
    print("afterwards:", len(server.sockets))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
