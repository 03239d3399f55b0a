"""Show which region of server.py a line number belongs to."""

from snippets.server.map.top_level import Region, load_regions


# --8<-- [start:locate]
def locate(line: int) -> Region:
    """Return the smallest region around a line of server.py.

    Args:
        line: A line number, from 1 to 849.

    Returns:
        The innermost region; blank lines belong to the one above.

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


# --8<-- [end:locate]
# --8<-- [start:main]
def main() -> None:
    for line in (43, 45, 204, 353, 801, 850):
        try:
            print(line, locate(line)["id"])
        except LookupError:
            print(line, "is not in the file")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
