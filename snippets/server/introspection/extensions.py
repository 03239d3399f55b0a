"""Show which scripts the front end is told to load."""

import asyncio
import glob
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from snippets.server.application.part import SERVER
from snippets.server.introspection.asking import serving

routes = web.RouteTableDef()


# --8<-- [start:extensions]
@routes.get("/extensions")
async def get_extensions(request: web.Request) -> web.Response:
    """List the scripts that the front end loads, searched each time.

    Source: ComfyUI v0.3.10, server.py 240–252.
    """
    server = request.app[SERVER]
    root = server.settings.web_root
    found = [f"/{x}" for x in below(root, "extensions/**/*.js")]
    for name, folder in server.extensions.items():
        mount = f"/extensions/{quote(name)}"
        found += [f"{mount}/{x}" for x in below(folder, "**/*.js")]
    return web.json_response(found)


def below(folder: Path, pattern: str) -> list[str]:
    """Return what matches, in the order of the file system."""
    found = glob.glob(  # noqa: PTH207 - rglob finds hidden ones too
        pattern, root_dir=folder, recursive=True
    )
    return [name.replace("\\", "/") for name in found]


# --8<-- [end:extensions]
# --8<-- [start:asked]
FILES = """
    web/extensions/core.js web/other.js pack/a.js pack/a#b.js pack/C.JS
    pack/.cache/hidden.js pack/chart.js/index.js pack/module.mjs
""".split()  # noqa: SIM905


async def main() -> None:
    files = dict.fromkeys(FILES, b"")
    async with serving(routes, files) as (server, client):
        pack = server.settings.web_root.parent / "pack"
        server.extensions["pack"] = pack
        answer = await client.get("/extensions")
        print(*sorted(await answer.json()), sep="\n")


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
