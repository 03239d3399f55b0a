"""Show which region of server.py a line number belongs to."""

from typing import Any

from snippets.server.map.callers import load_regions


# --8<-- [start:locate]
def locate(line: int) -> dict[str, Any]:
    """Return the smallest region around a line of server.py.

    Raises:
        LookupError: The file has no such line.

    Source: ComfyUI v0.3.10, server.py
    """
    # --8<-- [start:gap]
    found = None
    for region in load_regions():
        if region["start"] <= line <= region["end"]:
            found = region  # a part comes after its whole
    if found is None:
        raise LookupError(line)
    return found
    # --8<-- [end:gap]


def main() -> None:
    for line in (43, 45, 204, 353, 801, 850):
        try:
            print(line, locate(line)["id"])
        except LookupError:
            print(line, "is not in the file")


# --8<-- [end:locate]
if __name__ == "__main__":
    main()
