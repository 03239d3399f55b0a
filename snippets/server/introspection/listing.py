"""Show when a folder is searched again, and when that fails."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

# --8<-- [start:listing]
Listing = tuple[list[str], dict[Path, float]]
LISTED: dict[Sequence[Path], Listing] = {}


def search(folder: Path) -> Listing:
    """Return the files below, and when each folder changed."""
    names, changed = [], {}
    for where, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name != ".git"]
        path = Path(where)
        changed[path] = path.stat().st_mtime
        names += [str((path / x).relative_to(folder)) for x in files]
    return names, changed


def files_in(*folders: Path) -> list[str]:
    """Return the files below folders; search only if one changed.

    Raises:
        FileNotFoundError: one that was listed is gone.

    Source: ComfyUI v0.3.10, folder_paths.py 221–338.
    """
    names, changed = LISTED.get(folders, ([], {}))
    there = {folder for folder in folders if folder.is_dir()}
    if (
        any(x.stat().st_mtime != t for x, t in changed.items())
        or there - changed.keys()
    ):
        names, changed = [], {}
        for found, times in map(search, folders):
            names, changed = names + found, changed | times
        LISTED[folders] = names, changed
    return names


# --8<-- [end:listing]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        # --8<-- [start:unplug]
        vae, drive = Path(name, "vae"), Path(name, "drive")
        vae.mkdir()
        drive.mkdir()
        (drive / "a.pt").touch()
        (vae / "usb").symlink_to(drive)
        print(files_in(vae))
        drive.rename(Path(name, "unplugged"))
        try:
            files_in(vae)
        except FileNotFoundError as error:
            print(type(error).__name__)
        # --8<-- [end:unplug]


if __name__ == "__main__":
    main()
