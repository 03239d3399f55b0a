"""Show a queue that is fair to ties and takes no NaN."""

import heapq
import itertools
import math


# --8<-- [start:fair]
class Fair:
    """Prompts by number; of two equal ones, the earlier first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, int, str]] = []
        self.order = itertools.count()

    def put(self, number: float, prompt_id: str) -> None:
        """Let a prompt wait.

        Raises:
            ValueError: the number is NaN or infinite.
        """
        # --8<-- [start:gap]
        if not math.isfinite(number):
            raise ValueError(f"{number} has no place in an order")
        item = number, next(self.order), prompt_id
        heapq.heappush(self.waiting, item)
        # --8<-- [end:gap]

    def take(self) -> str:
        """Return the one whose turn it is."""
        return heapq.heappop(self.waiting)[2]


# --8<-- [end:fair]
# --8<-- [start:main]
def main() -> None:
    queue = Fair()
    for number, name in ((5, "z"), (math.nan, "n"), (5, "a"), (1, "f")):
        try:
            queue.put(number, name)
        except ValueError:
            print("refused:", number)
    while queue.waiting:
        print(queue.take())


# --8<-- [end:main]
if __name__ == "__main__":
    main()
