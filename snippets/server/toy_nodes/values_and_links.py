"""Show what is said of values and links that do not fit."""

from typing import Any

from snippets.recreation.execution import validate_link, validate_value
from snippets.recreation.nodes import CANVAS

VALUES: list[Any] = ["8", "many", 0, 20_000]
LINKS: list[list[Any]] = [["1", 1], ["1", 0], ["1"]]


# --8<-- [start:check]
def main() -> None:
    for value in VALUES:
        inputs = {"width": value}
        found = validate_value("width", inputs, CANVAS["width"])
        print(repr(value), found["message"] if found else inputs)
    prompt = {"1": {"class_type": "CheckpointLoaderSimple"}}
    for link in LINKS:
        found = validate_link(prompt, "clip", link, ("CLIP", {}))
        print(link, found["type"] if found else "fits")


# --8<-- [end:check]
if __name__ == "__main__":
    main()
