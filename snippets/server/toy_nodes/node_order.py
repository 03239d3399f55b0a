"""Show in which order nodes run: each after what it needs."""

import asyncio

from snippets.recreation.execution import PromptExecutor
from snippets.recreation.serving import serving

# --8<-- [start:prompt]
PROMPT = {
    "say": {
        "class_type": "CLIPTextEncode",
        "inputs": {"text": "a toy", "clip": ["load", 1]},
    },
    "load": {
        "class_type": "CheckpointLoaderSimple",
        "inputs": {"ckpt_name": "toy"},
    },
}


# --8<-- [end:prompt]
# --8<-- [start:order]
async def main() -> None:
    async with serving(worker=False, publish=False) as (server, *_):
        executor = PromptExecutor(server)
        executor.execute(PROMPT, "p", {"client_id": "me"}, ["say"])
        await asyncio.sleep(0)  # send_sync queues them a turn later
        while not server.messages.empty():
            event, data, _ = server.messages.get_nowait()
            print(event, data.get("node", ""))


# --8<-- [end:order]
if __name__ == "__main__":
    asyncio.run(main())
