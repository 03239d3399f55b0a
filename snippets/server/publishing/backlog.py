"""Show how messages pile up behind a client that reads nothing."""

import asyncio

from snippets.server.websocket.part import routes
from snippets.server.websocket.small import small_server


async def main() -> None:
    async with small_server(routes) as (server, client):
        # --8<-- [start:backlog]
        publishing = asyncio.create_task(server.publish_loop())
        slow = await client.ws_connect("/ws")
        await slow.receive()  # the greeting, and then no more
        news = [f"{number} " * 2**19 for number in range(40)]
        for text in news:
            await asyncio.to_thread(server.send_sync, "news", text)
        print("most of 40 wait:", server.messages.qsize() > 20)
        messages = [await slow.receive_json() for _ in news]
        print("all came:", [m["data"] for m in messages] == news)
        # --8<-- [end:backlog]
        publishing.cancel()


if __name__ == "__main__":
    asyncio.run(main())
