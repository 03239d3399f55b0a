"""Show a client that hears the present first, then the past."""

import asyncio

from snippets.recreation.serving import serving
from snippets.server.websocket.takeover import heard


async def main() -> None:
    async with serving(worker=False, publish=False) as served:
        server, client, *_ = served
        # --8<-- [start:late]
        queue = server.prompt_queue
        queue.put((0, "a prompt", {}, {}, []))
        taken = await asyncio.to_thread(queue.get)
        assert taken is not None
        await asyncio.to_thread(queue.task_done, taken[1], {}, None)

        ws = await client.ws_connect("/ws?clientId=me", autoping=False)
        publishing = asyncio.create_task(server.publish_loop())
        for message in await heard(ws):
            print(message["data"])
        # --8<-- [end:late]
        publishing.cancel()


if __name__ == "__main__":
    asyncio.run(main())
