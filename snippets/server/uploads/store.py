"""Show a file stored several times, with and without overwrite."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from aiohttp import web

from snippets.server.application.folders import Folders
from snippets.server.uploads.taken import free_name
from snippets.server.uploads.target import target_folder

Save = Callable[[Any, Any, Path], object]


# --8<-- [start:store]
def save_as_it_is(image: Any, post: Any, path: Path) -> None:
    """Write the bytes that came, whatever they are."""
    path.write_bytes(image.file.read())


def store(
    folders: Folders, post: Any, save: Save = save_as_it_is
) -> web.Response:
    """Store a file unless it is there; what `save` returns is lost.

    Source: ComfyUI v0.3.10, server.py 254–265 and 282–328.
    """
    kind, image = post.get("type", "input"), post.get("image")
    folder = vars(folders)[kind]  # KeyError: no such type
    if not image or not image.file or not image.filename:
        return web.Response(status=400)
    subfolder = post.get("subfolder", "")
    target = target_folder(folder, subfolder, image.filename)
    if target is None:
        return web.Response(status=400)
    overwrite = post.get("overwrite") in ("true", "1")
    name, path = free_name(target, image, overwrite)
    if path:
        save(image, post, path)
    place = {"name": name, "subfolder": subfolder, "type": kind}
    return web.json_response(place)


# --8<-- [end:store]
def main() -> None:
    with TemporaryDirectory() as root:
        folders = Folders.below(Path(root))
        for word in ("", "yes", "True", "true", "1"):
            file = BytesIO(word.encode())
            image = SimpleNamespace(filename="a.txt", file=file)
            post = {"image": image, "overwrite": word}
            print(f"{word:5}", store(folders, post).text)


if __name__ == "__main__":
    main()
