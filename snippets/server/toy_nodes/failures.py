"""Show what a client is told of a node that failed."""

import traceback
from typing import Any


# --8<-- [start:failures]
class Interrupted(Exception):
    """Somebody asked the running prompt to stop."""


def told(error: Exception) -> dict[str, Any]:
    """Return an exception in the shape that clients know.

    Source: ComfyUI v0.3.10, execution.py 376–409 and 437–463.
    """
    return {
        "exception_message": str(error),
        "exception_type": type(error).__name__,
        "traceback": traceback.format_tb(error.__traceback__),
        "current_inputs": {},
        "current_outputs": [],
    }


# --8<-- [end:failures]
def main() -> None:
    try:
        raise RuntimeError("no memory left")
    except RuntimeError as error:
        for name, value in told(error).items():
            shown = value if isinstance(value, str) else len(value)
            print(f"{name:18}", shown)


if __name__ == "__main__":
    main()
