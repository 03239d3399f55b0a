"""Show the parts at the top of server.py, from line 1 to the end."""

import json
from pathlib import Path
from typing import Any

MAP = Path(__file__).parents[1] / "maps/server.json"
Region = dict[str, Any]


# --8<-- [start:load]
def load_regions() -> list[Region]:
    """Return the regions of server.py in the order of the file.

    Returns:
        Each with its id, kind, parent (None at the top), the line
        where it starts, and the last line with code in it.

    Source: ComfyUI v0.3.10, server.py
    """
    server = json.loads(MAP.read_text("utf-8"))
    return list(server["regions"])


def parts_of(parent: str | None) -> list[Region]:
    """Return the regions directly inside one, or those at the top."""
    return [r for r in load_regions() if r["parent"] == parent]


# --8<-- [end:load]
# --8<-- [start:main]
def lines_of(region: Region) -> str:
    """Return where a region starts and ends, and its length."""
    first, last = region["start"], region["code_end"]
    return f"{first:3}–{last:<3} {last - first + 1:4}"


def main() -> None:
    for region in parts_of(None):
        print(lines_of(region), region["id"])


# --8<-- [end:main]
if __name__ == "__main__":
    main()
