"""Show who calls a function of server.py, and who calls the caller."""

import json
from pathlib import Path
from typing import Any

MAP = Path(__file__).parents[1] / "maps/server.json"


# --8<-- [start:callers]
def load_regions() -> list[dict[str, Any]]:
    """Return the regions of server.py in the order of the file.

    Each has an id, its parent (None at the top), where it starts and
    ends, and what it calls; blank lines belong to the one above.

    Source: ComfyUI v0.3.10, server.py
    """
    return list(json.loads(MAP.read_text("utf-8"))["regions"])


def callers(name: str) -> list[str]:
    """Return the ids of the regions that call a function."""
    return [r["id"] for r in load_regions() if name in r["calls"]]


def climb(name: str, depth: int = 0) -> None:
    """Print a function's callers, their callers below each."""
    for caller in callers(name):
        print("  " * depth + "← " + caller)
        # a method is called as `self.send`, for instance
        climb(caller.replace("PromptServer", "self"), depth + 1)


def main() -> None:
    print("send_socket_catch_exception")
    climb("send_socket_catch_exception", depth=1)


# --8<-- [end:callers]
if __name__ == "__main__":
    main()
