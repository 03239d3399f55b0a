"""A model's header, and how far a node at work is."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

MAX_SIZE = 100 * 1024 * 1024  # bytes


def safetensors_header(
    path: Path, max_size: int = MAX_SIZE
) -> bytes | None:
    """Return the header of a safetensors file.

    Its length stands before it: eight bytes, the lowest first.

    Returns:
        None if it would be longer than `max_size` bytes.

    Raises:
        struct.error: the file has not even eight bytes.

    Source: ComfyUI v0.3.10, comfy/utils.py 669–675.
    """
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return None if length > max_size else file.read(length)


Hook = Callable[[int, int, Any], None]
hooks: list[Hook] = []  # one at most


def set_progress_bar_global_hook(hook: Hook) -> None:
    """Let a function hear how far nodes are.

    Source: ComfyUI v0.3.10, comfy/utils.py 943–946.
    """
    hooks[:] = [hook]


class ProgressBar:
    """Tells how far one node is.

    Source: ComfyUI v0.3.10, comfy/utils.py 948–970.
    """

    def __init__(self, total: int) -> None:
        self.total = total

    def update_absolute(
        self, value: int, total: int | None = None, preview: Any = None
    ) -> None:
        """Tell that `value` of `total` steps are done.

        Args:
            value: steps done.
            total: steps in all, if not those of the constructor.
            preview: format, picture and longest side in pixels.

        Raises:
            InterruptProcessingException: the prompt is to end.
        """
        if total is not None:
            self.total = total
        value = min(value, self.total)
        for hook in hooks:
            hook(value, self.total, preview)
