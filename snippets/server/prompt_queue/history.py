"""Show how much of the history a limit brings."""

import copy
from typing import Any

# --8<-- [start:history]
KEPT = 10_000


class History(dict[str, Any]):
    """What ran, by prompt_id, the oldest first.

    Source: ComfyUI v0.3.10, execution.py 908–925 and 956–981.
    """

    def add(self, prompt_id: str, entry: dict[str, Any]) -> None:
        """Add one; from 10,001 on, the oldest goes first."""
        if len(self) > KEPT:
            self.pop(next(iter(self)))
        self[prompt_id] = entry

    def newest(self, count: int | None) -> dict[str, Any]:
        """Return the newest, or all; a negative count brings none."""
        if count is None:
            return dict(self)
        start = len(self) - count
        return dict(list(self.items())[max(start, 0) :])

    def only(self, prompt_id: str) -> dict[str, Any]:
        """Return one as a copy, or nothing."""
        if prompt_id not in self:
            return {}
        return {prompt_id: copy.deepcopy(self[prompt_id])}


# --8<-- [end:history]
def main() -> None:
    # --8<-- [start:limits]
    history = History()
    for name in ("a", "b", "c"):
        history.add(name, {"outputs": {}})
    for count in (None, 2, 9, 0, -1):
        print(f"{count}:", *history.newest(count))
    # --8<-- [end:limits]


if __name__ == "__main__":
    main()
