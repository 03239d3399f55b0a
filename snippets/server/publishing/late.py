"""Show a client that hears the present first, then the past."""

import asyncio

from snippets.server.websocket.part import routes
from snippets.server.websocket.small import small_server
from snippets.server.websocket.takeover import heard


async def main() -> None:
    async with small_server(routes) as (server, client):
        # --8<-- [start:late]
        server.queue.put((0, "a prompt", {}, {}, []))
        item = await asyncio.to_thread(server.queue.take)
        assert item is not None
        await asyncio.to_thread(server.queue.done, item)

        ws = await client.ws_connect("/ws?clientId=me", autoping=False)
        publishing = asyncio.create_task(server.publish_loop())
        for message in await heard(ws):
            print(message["data"])
        # --8<-- [end:late]
        publishing.cancel()


if __name__ == "__main__":
    asyncio.run(main())
