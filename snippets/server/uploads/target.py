"""Show which folders an upload may go to, and which it makes."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from snippets.server.view.inside import inside

TRIED = (
    ("sub", "a.png"),
    ("", "../a.png"),
    ("../input2", "a.png"),
    ("../evil", "../input/a.png"),
)


# --8<-- [start:target]
def target_folder(
    folder: Path, subfolder: str, name: str
) -> Path | None:
    """Return the folder of an upload, made if it was missing.

    None if the file would lie outside; it does not matter where its
    folder would.
    Source: ComfyUI v0.3.10, server.py 295–303.
    """
    target = folder / os.path.normpath(subfolder)
    if not inside(folder, target / name):
        return None
    if not target.exists():
        target.mkdir(parents=True)
    return target


# --8<-- [end:target]
def main() -> None:
    with TemporaryDirectory() as root:
        folder = Path(root, "input")
        folder.mkdir()
        for subfolder, name in TRIED:
            target = target_folder(folder, subfolder, name)
            shown = "refused" if target is None else "taken"
            print(f"{subfolder:10} {name:15} {shown}")
        print(
            "made:", *sorted(path.name for path in Path(root).iterdir())
        )


if __name__ == "__main__":
    main()
