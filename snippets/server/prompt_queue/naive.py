"""Show what Python's own priority queue lacks for this job."""

from queue import PriorityQueue
from typing import Any


# --8<-- [start:naive]
def main() -> None:
    waiting: PriorityQueue[tuple[int, Any]] = PriorityQueue()
    waiting.put((0, {"1": {"class_type": "KSampler"}}))
    try:
        waiting.put((0, {"1": {"class_type": "SaveImage"}}))
    except TypeError as error:
        print("put:", error)
    print("waiting:", waiting.qsize())


# --8<-- [end:naive]
if __name__ == "__main__":
    main()
