"""Show how extensions change a prompt before it is looked at."""

import logging
import traceback
from collections.abc import Callable
from typing import Any


# --8<-- [start:rewritten]
def rewritten(data: Any, rewriters: list[Callable[[Any], Any]]) -> Any:
    """Let extensions change a body; one that raises is passed over.

    Args:
        data: the body of POST /prompt, already decoded.
        rewriters: what extensions added, called in that order; what
            one returns is what the next one gets.

    Returns:
        What the last of them returned, or the body.

    Source: ComfyUI v0.3.10, server.py 838–849.
    """
    for rewrite in rewriters:
        try:
            data = rewrite(data)
        except Exception:
            logging.warning("%s", traceback.format_exc())
    return data


# --8<-- [end:rewritten]
# --8<-- [start:rewriters]
def hurry(data: Any) -> Any:
    """Return another body."""
    return {**data, "front": True}


def half(data: Any) -> Any:
    """Change the body in place, and fail."""
    data["number"] = 7
    raise ValueError


def forget(data: Any) -> Any:
    """Change the body in place, and return nothing."""
    data["number"] = 7


# --8<-- [end:rewriters]
def main() -> None:
    logging.disable()
    for rewriters in ([hurry], [half], [half, hurry], [forget]):
        names = ", ".join(rewrite.__name__ for rewrite in rewriters)
        print(f"{names}: {rewritten({'prompt': {}}, [*rewriters])}")


if __name__ == "__main__":
    main()
