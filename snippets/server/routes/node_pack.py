"""Show a client of a node pack's own route and message."""

import asyncio
import runpy
import sys
from pathlib import Path

from snippets.recreation.nodes import EXTENSION_WEB_DIRS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving

PACK = Path(__file__).with_name("my_pack")


# --8<-- [start:import]
def import_node_pack(_: object = None) -> None:
    """Execute the pack, once the server exists; note its scripts."""
    # so that the pack can import `server`
    sys.modules["server"] = sys.modules[PromptServer.__module__]
    pack = runpy.run_path(str(PACK / "__init__.py"))
    EXTENSION_WEB_DIRS["my_pack"] = str(PACK / pack["WEB_DIRECTORY"])


# --8<-- [end:import]
# --8<-- [start:main]
async def main() -> None:
    async with serving(
        prepare=import_node_pack, worker=False
    ) as served:
        ws = await served.client.ws_connect("/ws?clientId=me")
        print("first:", (await ws.receive_json())["type"])
        response = await served.client.post(
            "/api/my_pack/greet",
            json={"name": "reader", "client_id": "me"},
        )
        print("response:", response.status, await response.text())
        message = await ws.receive_json()
        print("message:", message["type"], message["data"])
        await ws.close()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
