"""Show what is told of the command line, and to anyone who asks."""

import asyncio
import sys
from unittest.mock import patch

from snippets.recreation import server
from snippets.recreation.serving import serving


# --8<-- [start:argv]
async def main() -> None:
    words = ["main.py", "--tls-keyfile", "/home/me/key.pem"]
    no_version = patch.object(
        server, "get_comfyui_version", lambda: "unknown"
    )
    async with serving(worker=False) as (_, client, *_):
        with patch.object(sys, "argv", words), no_version:
            response = await client.get("/system_stats")
    stats = await response.json()
    print(*stats["system"]["argv"])


# --8<-- [end:argv]
if __name__ == "__main__":
    asyncio.run(main())
