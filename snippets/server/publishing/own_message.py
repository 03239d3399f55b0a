"""Show a node that sends a message of its own, and who gets it."""

import asyncio
from typing import Any

from snippets.recreation import nodes
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:node]
class Tell:
    """Sends a text to the client whose prompt is running."""

    FUNCTION = "work"
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        """Return what it takes, by whether it is required."""
        return {"required": {"text": ("STRING", {})}}

    @classmethod
    def IS_CHANGED(cls, **_: Any) -> float:
        """Return a new NaN, so that ComfyUI runs it each time."""
        return float("nan")

    def work(self, text: str) -> dict[str, Any]:
        """Send a message; this runs in the worker's thread."""
        server = PromptServer.instance
        data = {"text": text}
        server.send_sync("my_nodes.tell", data, server.client_id)
        return {}


# --8<-- [end:node]
# --8<-- [start:main]
PROMPT = {"1": {"class_type": "Tell", "inputs": {"text": "halfway"}}}


async def main() -> None:
    nodes.NODE_CLASS_MAPPINGS["Tell"] = Tell
    async with serving() as (_, client, *_):
        ws = await client.ws_connect("/ws?clientId=me")
        body = {"prompt": PROMPT, "client_id": "me"}
        await client.post("/prompt", json=body)
        event = await ws.receive_json()
        while not event["type"].startswith("my_nodes"):
            event = await ws.receive_json()
        print(event)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
