"""Show what is said of links that do not fit."""

from typing import Any

from snippets.recreation.execution import validate_link


# --8<-- [start:links]
def main() -> None:
    prompt = {"1": {"class_type": "CheckpointLoaderSimple"}}
    links: list[list[Any]] = [["1", 1], ["1", 0], ["1"]]
    for link in links:
        found = validate_link(prompt, "clip", link, ("CLIP", {}))
        print(link, found["type"] if found else "fits")


# --8<-- [end:links]
if __name__ == "__main__":
    main()
