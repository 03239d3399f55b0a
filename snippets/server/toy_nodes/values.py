"""Show what is said of values that do not fit."""

from typing import Any

from snippets.recreation.execution import validate_value
from snippets.recreation.nodes import CANVAS


# --8<-- [start:values]
def main() -> None:
    values: list[Any] = ["8", "many", 0, 20_000]
    for value in values:
        inputs = {"width": value}
        found = validate_value("width", inputs, CANVAS["width"])
        print(repr(value), found["message"] if found else inputs)


# --8<-- [end:values]
if __name__ == "__main__":
    main()
