"""Show what is said of values that do not fit."""

from collections.abc import Callable
from typing import Any

from snippets.server.toy_nodes.kinds import KINDS

# --8<-- [start:problem]
Problem = dict[str, Any]
Converter = Callable[[Any], Any]
CONVERT: dict[str, Converter] = {
    "INT": int,
    "FLOAT": float,
    "STRING": str,
}


def problem(
    kind: str, message: str, details: str = "", **more: Any
) -> Problem:
    """Return an error in the shape that clients know."""
    text = {"type": kind, "message": message, "details": details}
    return {**text, "extra_info": more}


# --8<-- [end:problem]
# --8<-- [start:value]
def value_problem(
    name: str, value: Any, kind: str, limits: dict[str, Any]
) -> Problem | None:
    """Return what is wrong with a value that the prompt gives.

    Source: ComfyUI v0.3.10, execution.py 620–712.
    """
    about = {"input_name": name, "input_config": (kind, limits)}
    about["received_value"] = value
    try:
        value = CONVERT.get(kind, lambda same: same)(value)
    except (TypeError, ValueError) as error:
        text = f"Failed to convert an input value to a {kind} value"
        details = f"{name}, {value}, {error}"
        about["exception_message"] = str(error)
        return problem("invalid_input_type", text, details, **about)
    if "min" in limits and value < limits["min"]:
        text = f"Value {value} smaller than min of {limits['min']}"
        return problem("value_smaller_than_min", text, name, **about)
    if "max" in limits and value > limits["max"]:
        text = f"Value {value} bigger than max of {limits['max']}"
        return problem("value_bigger_than_max", text, name, **about)
    return None


# --8<-- [end:value]
def main() -> None:
    kind, limits = KINDS["EmptyLatentImage"].inputs["width"]
    for value in ("8", "many", 0, 20_000):
        found = value_problem("width", value, kind, limits)
        print(repr(value), found["message"] if found else "fits")


if __name__ == "__main__":
    main()
