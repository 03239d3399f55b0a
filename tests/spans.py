"""When a function ran, and where, to be seen from another process."""

import os
import time
from collections.abc import Callable


def spanned(function: Callable[..., object], *arguments: object) -> tuple[float, float, int]:
    """Call it; return when it began and ended, and in which process."""
    began = time.perf_counter()
    function(*arguments)
    return began, time.perf_counter(), os.getpid()
