"""Show how many messages wait, from one turn to the next."""

import asyncio

from snippets.recreation.server import PromptServer


# --8<-- [start:turns]
async def main() -> None:
    server = PromptServer(asyncio.get_running_loop())
    publishing = asyncio.create_task(server.publish_loop())
    server.send_sync("news", "for all")
    for when in ("just left", "a turn later", "another turn"):
        print(f"{when:13}{server.messages.qsize()}")
        await asyncio.sleep(0)
    publishing.cancel()


# --8<-- [end:turns]
if __name__ == "__main__":
    asyncio.run(main())
