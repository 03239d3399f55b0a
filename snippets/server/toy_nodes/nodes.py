"""Show a toy node at work: steps, and a preview of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image


# --8<-- [start:node]
@dataclass(frozen=True)
class Node:
    """One kind of node; one that gives nothing on is an output."""

    run: Callable[..., Any]
    inputs: dict[str, tuple[str, dict[str, Any]]]  # type and limits
    outputs: tuple[str, ...] = ()


def sample(run: Any, steps: int, seed: int, **_: Any) -> list[Any]:
    """Paint a picture step by step; report each, with a preview."""
    picture = Image.new("RGB", (64, 64))
    for step in range(1, steps + 1):
        time.sleep(0.01)  # blocks its thread, as torch would
        picture.paste((seed * step % 256, 99, 150), (0, 0, 64, step))
        run.report(step, steps, ("JPEG", picture.copy(), 32))
    return [picture]


def fail(run: Any, message: str) -> None:
    """Fail, whatever is asked."""
    raise RuntimeError(message)


# --8<-- [end:node]
def save(run: Any, images: Any, filename_prefix: str) -> dict[str, Any]:
    """Write a picture into the output folder; tell where it is."""
    folder = run.server.settings.folders.output
    count = len(list(folder.glob(f"{filename_prefix}_*_.png"))) + 1
    name = f"{filename_prefix}_{count:05}_.png"
    images.save(folder / name)
    place = {"filename": name, "subfolder": "", "type": "output"}
    return {"images": [place]}


def show(run: Any, images: Any) -> None:
    """Send a picture as a preview, and keep nothing."""
    run.report(0, 1, ("PNG", images, None))


def main() -> None:
    class Run:
        def report(self, value: int, total: int, preview: Any) -> None:
            print(f"{value}/{total}", preview[0], preview[1].size)

    sample(Run(), steps=3, seed=5)


if __name__ == "__main__":
    main()
