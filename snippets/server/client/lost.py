"""Show that the client lives through a connection that is cut."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS, Inputs, Node
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import example_prompt, serving
from snippets.server.client import comfy_client


# --8<-- [start:cut]
class Cut(Node):
    """Cuts all connections, and waits until the client has asked."""

    INPUTS: ClassVar[Inputs] = {"images": ("IMAGE", {})}
    RETURN_TYPES = ("IMAGE",)
    asked: ClassVar[asyncio.Event]

    def work(self, images: Any) -> tuple[Any]:
        """Hand the picture on."""
        server = PromptServer.instance
        asyncio.run_coroutine_threadsafe(
            cut(server), server.loop
        ).result()
        return (images,)


async def cut(server: PromptServer) -> None:
    """Close every connection; wait for a question."""
    for ws in list(server.sockets.values()):
        await ws.close()
    await Cut.asked.wait()


async def note(request: web.Request, _: web.StreamResponse) -> None:
    """Note that somebody has asked the history."""
    if request.path.startswith("/history/"):
        Cut.asked.set()


# --8<-- [end:cut]
# --8<-- [start:main]
async def make(folder: Path) -> None:
    """Run the client with a prompt in which a node cuts it off."""
    NODE_CLASS_MAPPINGS["Cut"], Cut.asked = Cut, asyncio.Event()
    prompt = example_prompt()
    image = {"images": ["decode", 0]}
    prompt["cut"] = {"class_type": "Cut", "inputs": image}
    prompt["save"]["inputs"]["images"] = ["cut", 0]
    async with serving(
        prepare=lambda server: server.app.on_response_prepare.append(
            note
        )
    ) as served:
        host, port = served.address
        await comfy_client.run(f"http://{host}:{port}", prompt, folder)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(make(Path(name)))
        print([file.name for file in Path(name).iterdir()])


# --8<-- [end:main]
if __name__ == "__main__":
    main()
