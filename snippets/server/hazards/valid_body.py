"""Show which bodies are fit to be queued."""

import math
from typing import Any


# --8<-- [start:valid]
def depth(data: Any) -> int:
    """Return how many lists and dicts stand in one another."""
    level, found = [data], -1
    while level:
        found += 1
        level = [
            inner
            for one in level
            if isinstance(one, list | dict)
            for inner in (
                one.values() if isinstance(one, dict) else one
            )
        ]
    return found


def valid_body(data: Any) -> bool:
    """Say whether a body of POST /prompt can be queued safely."""
    if not isinstance(data, dict) or depth(data) > 100:
        return False
    extra, number = data.get("extra_data", {}), data.get("number", 0)
    if not isinstance(extra, dict):
        return False
    if not isinstance(number, int | float) or not math.isfinite(number):
        return False
    names = [d["client_id"] for d in (data, extra) if "client_id" in d]
    return all(isinstance(name, str) for name in names)


# --8<-- [end:valid]
BODIES: list[Any] = [
    {"prompt": {}, "client_id": "me", "number": 1.5},
    {"prompt": {}, "client_id": []},
    {"prompt": {}, "extra_data": {"client_id": []}},
    {"prompt": {}, "extra_data": 5},
    {"prompt": {}, "number": math.nan},
    None,
]


def main() -> None:
    for body in BODIES:
        print(valid_body(body), body)


if __name__ == "__main__":
    main()
