"""Show which paths lie in a folder, going by their text alone."""
# ruff: noqa: PTH100, PTH113

import os
from pathlib import Path
from tempfile import TemporaryDirectory


# --8<-- [start:inside]
def inside(folder: Path, path: Path) -> bool:
    """Say whether a path lies in a folder, going by its text alone.

    `..` takes away the name before it; links are not followed.
    Source: ComfyUI v0.3.10, server.py 299 and 396.
    """
    text = os.path.abspath(path)
    return os.path.commonpath([folder, text]) == str(folder)


# --8<-- [end:inside]
def is_file(path: Path) -> bool:
    """Say whether it is a file; where Path raises, it is none."""
    return os.path.isfile(path)


# --8<-- [start:link]
def main() -> None:
    with TemporaryDirectory() as root:
        out, other = Path(root, "out"), Path(root, "other")
        (other / "deep").mkdir(parents=True)
        out.mkdir()
        (other / "a.txt").touch()
        (out / "link").symlink_to(other / "deep")
        for below in ("sub", "../other", "../out2", "link/.."):
            path = out / below
            print(f"{below:9} inside: {inside(out, path)!s:6}", end="")
            print("a.txt:", is_file(path / "a.txt"))


# --8<-- [end:link]
if __name__ == "__main__":
    main()
