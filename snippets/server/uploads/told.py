"""Show an upload that is refused by what saves it."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from aiohttp import web

from snippets.server.application.folders import Folders
from snippets.server.uploads.store import Save, store


# --8<-- [start:told]
def returns(image: Any, post: Any, path: Path) -> web.Response:
    """Refuse, and let nobody know."""
    return web.Response(status=404)


def raises(image: Any, post: Any, path: Path) -> None:
    """Refuse, and get past whoever calls."""
    raise web.HTTPNotFound


def status(folders: Folders, save: Save) -> int:
    """Return what the client is told."""
    image = SimpleNamespace(filename="mask.png", file=BytesIO())
    try:
        return store(folders, {"image": image}, save).status
    except web.HTTPException as answer:  # as aiohttp does it
        return answer.status


# --8<-- [end:told]
def main() -> None:
    with TemporaryDirectory() as root:
        folders = Folders.below(Path(root))
        for save in (returns, raises):
            print(save.__name__, status(folders, save))


if __name__ == "__main__":
    main()
