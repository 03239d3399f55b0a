"""Show which bodies are fit to be queued."""

import math
from typing import Any

from snippets.recreation.execution import is_link


# --8<-- [start:depth]
def depth(data: Any) -> int:
    """Return how many lists and dicts stand in one another."""
    level, found = [data], 0
    while level := [x for x in level if isinstance(x, list | dict)]:
        found += 1
        level = [
            inner
            for x in level
            for inner in (x.values() if isinstance(x, dict) else x)
        ]
    return found


def valid_prompt(prompt: Any) -> bool:
    """Say whether each node has inputs, and each link its node."""
    if not isinstance(prompt, dict) or len(prompt) > 500:
        return False  # the executor calls itself along a chain
    if not all(isinstance(node, dict) for node in prompt.values()):
        return False
    inputs = [node.get("inputs") for node in prompt.values()]
    if not all(isinstance(named, dict) for named in inputs):
        return False
    values = [value for named in inputs for value in named.values()]
    return all(x[0] in prompt for x in values if is_link(x))


# --8<-- [end:depth]
# --8<-- [start:valid]
def valid_number(number: Any) -> bool:
    """Say whether `float` takes it, and it can be put in order."""
    try:
        return math.isfinite(float(number))
    except (TypeError, ValueError, OverflowError):
        return False


def valid_body(data: Any) -> bool:
    """Say whether a body of POST /prompt has none of the four."""
    if not isinstance(data, dict) or depth(data) > 100:
        return False
    extra, number = data.get("extra_data", {}), data.get("number", 0)
    if not isinstance(extra, dict) or not valid_number(number):
        return False
    names = [d["client_id"] for d in (data, extra) if "client_id" in d]
    if not all(isinstance(name, str) for name in names):
        return False
    return valid_prompt(data.get("prompt"))


# --8<-- [end:valid]
LINKED = {"inputs": {"more": ["2", 0]}}
BODIES: list[Any] = [
    {"prompt": {}, "client_id": "me", "number": "1.5"},
    {"prompt": {}, "client_id": []},
    {"prompt": {}, "extra_data": {"client_id": []}},
    {"prompt": {}, "extra_data": 5},
    {"prompt": {}, "number": math.nan},
    {"prompt": {"1": {"class_type": "Fail"}}},
    {"prompt": {"1": LINKED}},
    {"prompt": {"1": LINKED, "2": {"inputs": {}}}},
    None,
]


# --8<-- [start:call]
def main() -> None:
    for body in BODIES:
        print(valid_body(body), body)


# --8<-- [end:call]
if __name__ == "__main__":
    main()
