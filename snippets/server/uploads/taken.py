"""Show which name a file gets when its own is taken."""
# ruff: noqa: PTH122 (before 3.14 Path finds no suffix in `a.`)

import os
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any


# --8<-- [start:name]
def same_bytes(path: Path, image: Any) -> bool:
    """Say whether a file holds what came; rewind what came."""
    same: bool = path.read_bytes() == image.file.read()
    image.file.seek(0)
    return same


def free_name(
    folder: Path, image: Any, overwrite: bool = False
) -> tuple[str, Path | None]:
    """Find a name for what came, its own or the next one.

    Returns:
        The name, and the path to write to: None if the same bytes
        are there already.

    Source: ComfyUI v0.3.10, server.py 267–280 and 305–317.
    """
    name: str = image.filename
    stem, suffix = os.path.splitext(name)
    path = Path(os.path.normpath(folder / name))
    number = 0
    while path.exists() and not overwrite:
        if same_bytes(path, image):
            return name, None
        number += 1
        name = f"{stem} ({number}){suffix}"
        path = folder / name
    return name, path


# --8<-- [end:name]
def main() -> None:
    with TemporaryDirectory() as folder:
        for content in ("cat", "dog", "cat", "dog", "cow"):
            file = BytesIO(content.encode())
            image = SimpleNamespace(filename="a.tar.gz", file=file)
            name, path = free_name(Path(folder), image)
            print(content, name, "new" if path else "known")
            if path:
                path.write_text(content)


if __name__ == "__main__":
    main()
