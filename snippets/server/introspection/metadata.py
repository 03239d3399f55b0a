"""Show what a model's file says about itself, or why it does not."""

import asyncio
import logging

from snippets.server.introspection.header import FILES
from snippets.server.introspection.served_files import ask, served_files


# --8<-- [start:asked]
async def main() -> None:
    logging.disable()  # the tracebacks
    files = {f"models/clip/{name}": FILES[name] for name in FILES}
    async with served_files(files) as client:
        start = "/view_metadata/clip?filename="
        await ask(client, start, *FILES, "../../good.safetensors")


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
