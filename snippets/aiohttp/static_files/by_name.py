"""Show extension folders that are found whatever their name."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestServer

from snippets.aiohttp.static_files.traversal import ask

FOLDERS = web.AppKey("FOLDERS", dict[str, Path])
PATHS = (
    "/extensions/my%20pack/app.js",
    "/extensions/%E5%9B%BE%E5%83%8F/app.js",
    "/extensions/other/app.js",
    "/extensions/my%20pack/%2Fetc%2Fhosts",
    "/extensions/my%20pack/..%2Fsecret.txt",
)


# --8<-- [start:send]
async def send(request: web.Request) -> web.FileResponse:
    """Send a file of the folder that the address names.

    Raises:
        web.HTTPNotFound: No such folder, or the path leads out of it.
    """
    # --8<-- [start:gap]
    try:
        folder = request.app[FOLDERS][request.match_info["name"]]
        file = (folder / request.match_info["path"]).resolve()
        file.relative_to(folder)
    except (KeyError, ValueError):
        raise web.HTTPNotFound from None
    return web.FileResponse(file)
    # --8<-- [end:gap]


def build_app(folders: dict[str, Path]) -> web.Application:
    """Return an application that serves folders by their names."""
    app = web.Application()
    app[FOLDERS] = {n: path.resolve() for n, path in folders.items()}
    app.router.add_get("/extensions/{name}/{path:.+}", send)
    return app


# --8<-- [end:send]
# --8<-- [start:show]
async def show(app: web.Application) -> None:
    async with TestServer(app) as server:
        for path in PATHS:
            response = await asyncio.to_thread(ask, server, path)
            print(response.status, path)


# --8<-- [end:show]
def main() -> None:
    with TemporaryDirectory() as name:
        (Path(name) / "secret.txt").touch()
        folder = Path(name) / "web"
        folder.mkdir()
        (folder / "app.js").touch()
        folders = dict.fromkeys(("my pack", "图像"), folder)
        asyncio.run(show(build_app(folders)))


if __name__ == "__main__":
    main()
