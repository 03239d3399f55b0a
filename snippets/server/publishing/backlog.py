"""Show how messages pile up behind a client that reads nothing."""

import asyncio

from snippets.recreation.serving import serving


async def main() -> None:
    async with serving() as (server, client, *_):
        # --8<-- [start:backlog]
        slow = await client.ws_connect("/ws")
        await slow.receive()  # the greeting, and then no more
        news = [f"{number} " * 2**19 for number in range(40)]
        for text in news:
            await asyncio.to_thread(server.send_sync, "news", text)
        print("most of 40 wait:", server.messages.qsize() > 20)
        messages = [await slow.receive_json() for _ in news]
        print("all came:", [m["data"] for m in messages] == news)
        # --8<-- [end:backlog]


if __name__ == "__main__":
    asyncio.run(main())
