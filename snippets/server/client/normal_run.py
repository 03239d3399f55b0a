"""Show a run of the client, from the prompt to the saved picture."""

import asyncio
import tempfile
from pathlib import Path

from snippets.recreation.serving import example_prompt, serving
from snippets.server.client import comfy_client


# --8<-- [start:main]
async def make(folder: Path) -> None:
    async with serving() as served:
        host, port = served.address
        await comfy_client.run(
            f"http://{host}:{port}", example_prompt(), folder
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(make(Path(name)))
        print([file.name for file in Path(name).iterdir()])


# --8<-- [end:main]
if __name__ == "__main__":
    main()
