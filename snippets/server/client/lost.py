"""Show that the client lives through a connection that is cut."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS, Inputs, Node
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import example_prompt, serving
from snippets.server.client import comfy_client


# --8<-- [start:cut]
class Cut(Node):
    """Cuts all connections while it runs, until one has returned."""

    INPUTS: ClassVar[Inputs] = {"images": ("IMAGE", {})}
    RETURN_TYPES = ("IMAGE",)

    def work(self, images: Any) -> tuple[Any]:
        """Hand the picture on."""
        server = PromptServer.instance
        cutting = asyncio.run_coroutine_threadsafe(
            cut(server), server.loop
        )
        cutting.result()
        return (images,)


async def cut(server: PromptServer) -> None:
    """Close every connection; wait for a new one."""
    old = list(server.sockets.values())
    for ws in old:
        await ws.close()
    # the server has no event to wait for
    while set(server.sockets.values()) <= set(old):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


# --8<-- [end:cut]
# --8<-- [start:main]
async def make(folder: Path) -> None:
    """Run the client with a prompt in which a node cuts it off."""
    NODE_CLASS_MAPPINGS["Cut"] = Cut
    prompt = example_prompt()
    image = {"images": ["decode", 0]}
    prompt["cut"] = {"class_type": "Cut", "inputs": image}
    prompt["save"]["inputs"]["images"] = ["cut", 0]
    async with serving() as (_, _, (host, port), *_):
        await comfy_client.run(f"http://{host}:{port}", prompt, folder)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(make(Path(name)))
        print([file.name for file in Path(name).iterdir()])


# --8<-- [end:main]
if __name__ == "__main__":
    main()
