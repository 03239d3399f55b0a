"""Show which messages end publish_loop, and with how many clients."""

import asyncio
from typing import Any

from PIL import Image

from snippets.recreation.serving import serving

# --8<-- [start:messages]
CLEAR = Image.new("RGBA", (1, 1))
MESSAGES: dict[str, tuple[Any, Any, Any]] = {
    "good": ("news", "hello", None),
    "not for JSON": ("news", {1, 2}, None),
    "transparent JPEG": (2, ("JPEG", CLEAR, None), None),
    "bytes, event a str": ("news", b"hello", None),
    "client is a list": ("news", "hello", ["me"]),
}
# --8<-- [end:messages]


# --8<-- [start:outcome]
async def outcome(message: tuple[Any, Any, Any], clients: int) -> str:
    """Publish a message, return how `publish_loop` fared."""
    async with serving(publish=False) as (server, client, *_):
        there = [await client.ws_connect("/ws") for _ in range(clients)]
        for ws in there:
            await ws.receive()  # the greeting
        publishing = asyncio.create_task(server.publish_loop())
        server.send_sync(*message)
        for _ in range(9):  # turns: enough for one message
            await asyncio.sleep(0)
        if publishing.done():
            return type(publishing.exception()).__name__
        publishing.cancel()
        return "goes on"


# --8<-- [end:outcome]
# --8<-- [start:main]
async def main() -> None:
    print(f"{'':20}no client     one client")
    for name, message in MESSAGES.items():
        alone, heard = [await outcome(message, n) for n in (0, 1)]
        print(f"{name:20}{alone:14}{heard}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
