"""Show values that a flag takes, and values that it does not."""

import argparse
import math
import os
from pathlib import Path


# --8<-- [start:types]
def folder(name: str) -> Path:
    """Return the absolute path of a folder that is there."""
    path = Path(os.path.normpath(Path(name).absolute()))
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{name} is no folder")
    return path


def port(text: str) -> int:
    """Return the number of a port."""
    if not (text.isdecimal() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return int(text)


def megabytes(text: str) -> float:
    """Return a size; 0 means no limit."""
    size = float(text)
    if not 0 <= size < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no size")
    return size


# --8<-- [end:types]
def main() -> None:
    for take, text in (
        (port, "8188"),
        (port, "99999"),
        (megabytes, "0.5"),
        (megabytes, "nan"),
        (folder, "nowhere"),
    ):
        try:
            print(take(text))
        except argparse.ArgumentTypeError as error:
            print(error)


if __name__ == "__main__":
    main()
