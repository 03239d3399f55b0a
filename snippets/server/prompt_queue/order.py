"""Show in which order prompts are taken."""

import copy
import heapq
import threading
from collections.abc import Callable
from typing import Any

# --8<-- [start:waiting]
# number, prompt_id, prompt, extra_data, outputs to run
Item = tuple[float, str, dict[str, Any], dict[str, Any], list[str]]


class Waiting:
    """Prompts that wait and prompts that run; any thread may ask.

    Source: ComfyUI v0.3.10, execution.py 872–932.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.waiting: list[Item] = []
        self.running: dict[str, Item] = {}
        self.news = threading.Condition()  # its lock guards all this

    def put(self, item: Item) -> None:
        """Let a prompt wait; the lowest number is taken first."""
        with self.news:
            heapq.heappush(self.waiting, item)
            self.changed()
            self.news.notify()

    def take(self, timeout: float | None = None) -> Item | None:
        """Wait for a prompt; None if there was other news, or none."""
        with self.news:
            if not self.waiting:
                self.news.wait(timeout)
            if not self.waiting:
                return None
            item = heapq.heappop(self.waiting)
            self.running[item[1]] = copy.deepcopy(item)
            self.changed()
            return item

    def done(self, item: Item) -> None:
        """Forget a prompt that ran."""
        with self.news:
            del self.running[item[1]]
            self.changed()


# --8<-- [end:waiting]
def main() -> None:
    # --8<-- [start:order]
    queue = Waiting(changed=lambda: None)
    for at in ((0, "b"), (1, "c"), (-2, "d"), (-3, "e"), (0, "a")):
        queue.put((*at, {}, {}, []))
    while item := queue.take(timeout=0):
        print(*item[:2])
    # --8<-- [end:order]


if __name__ == "__main__":
    main()
