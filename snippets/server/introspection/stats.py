"""Show what is told of the machine, and to anyone who asks."""

import asyncio
import os
import sys
from pathlib import Path
from unittest.mock import patch

from aiohttp import web

from snippets.server.introspection.asking import serving
from snippets.server.version.reader import read_version

routes = web.RouteTableDef()
CHECKOUT = Path(__file__).resolve().parents[3]


# --8<-- [start:stats]
@routes.get("/system_stats")
async def system_stats(request: web.Request) -> web.Response:
    """Describe the machine; the version is looked up each time.

    Source: ComfyUI v0.3.10, server.py 504–537.
    """
    home = Path(sys.executable).parent.name
    system = {
        "os": os.name,
        "ram_total": 0,  # without torch, nobody knows
        "ram_free": 0,
        "comfyui_version": read_version(CHECKOUT),
        "python_version": sys.version,
        "pytorch_version": "",
        "embedded_python": home == "python_embeded",  # so spelt
        "argv": sys.argv,
    }
    device = {
        **{"name": "cpu", "type": "cpu", "index": None},
        **{"vram_total": 0, "vram_free": 0},
        **{"torch_vram_total": 0, "torch_vram_free": 0},
    }
    return web.json_response({"system": system, "devices": [device]})


# --8<-- [end:stats]
async def main() -> None:
    words = ["main.py", "--tls-keyfile", "/home/me/key.pem"]
    with patch.object(sys, "argv", words):
        async with serving(routes, {}) as (_, client):
            stats = await (await client.get("/system_stats")).json()
    print(*stats["system"]["argv"])


if __name__ == "__main__":
    asyncio.run(main())
