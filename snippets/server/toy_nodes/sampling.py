"""Show a toy node at work: steps, and a preview of each."""

from typing import Any

from snippets.recreation import utils
from snippets.recreation.nodes import KSampler


# --8<-- [start:sample]
def show(value: int, total: int, preview: Any) -> None:
    """Print how far the node is, and its preview."""
    kind, picture, _ = preview
    print(f"{value}/{total}", kind, picture.size)


def main() -> None:
    utils.set_progress_bar_global_hook(show)
    KSampler().work(steps=3, seed=5)


# --8<-- [end:sample]
if __name__ == "__main__":
    main()
