"""Show what a list of the queue says, and what can be taken back."""

import copy
import heapq

from snippets.server.prompt_queue.waiting import Item, Waiting


# --8<-- [start:listed]
class Listed(Waiting):
    """Prompts that can be listed, counted and taken back.

    Source: ComfyUI v0.3.10, execution.py 927–954.
    """

    def current(self) -> tuple[list[Item], list[Item]]:
        """Return what runs, and a copy of what waits."""
        with self.news:
            running = list(self.running.values())
            return running, copy.deepcopy(self.waiting)

    def remaining(self) -> int:
        """Return how many wait or run."""
        with self.news:
            return len(self.waiting) + len(self.running)

    def wipe(self) -> None:
        """Take back all that wait; what runs goes on."""
        with self.news:
            self.waiting = []
            self.changed()

    def delete(self, prompt_id: str) -> None:
        """Take back one that waits; an unknown one is no error."""
        with self.news:
            for index, item in enumerate(self.waiting):
                if item[1] == prompt_id:
                    if len(self.waiting) == 1:
                        self.wipe()
                    else:
                        self.waiting.pop(index)
                        heapq.heapify(self.waiting)
                    self.changed()
                    return


# --8<-- [end:listed]
def main() -> None:
    # --8<-- [start:delete]
    queue = Listed(changed=lambda: None)
    for number, name in ((1, "a"), (3, "b"), (2, "c")):
        queue.put((number, name, {}, {}, []))
    print("lists:", *[item[1] for item in queue.current()[1]])
    queue.take()
    for name in ("a", "b", "nobody"):
        queue.delete(name)
    for part in queue.current():
        print([item[1] for item in part])
    # --8<-- [end:delete]


if __name__ == "__main__":
    main()
