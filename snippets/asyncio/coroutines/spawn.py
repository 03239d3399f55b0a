"""Show a background task that loses neither itself nor its error."""

import asyncio
from collections.abc import Coroutine
from typing import Any

# --8<-- [start:spawn]
TASKS: set[asyncio.Task[None]] = set()


def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run a coroutine in the background; refer to it until it ends.

    Source: Python docs, Coroutines and Tasks, `create_task`
    """
    task = asyncio.create_task(work)
    TASKS.add(task)
    task.add_done_callback(finish)
    return task


def finish(task: asyncio.Task[None]) -> None:
    """Drop the reference; if the task failed, print that at once."""
    TASKS.discard(task)
    if task.cancelled():
        return
    if (error := task.exception()) is not None:
        print("a background task failed:", type(error).__name__)


# --8<-- [end:spawn]
# --8<-- [start:main]
async def divide(number: int) -> None:
    print("the quotient is", 1 // number)


async def main() -> None:
    for number in (1, 0):
        spawn(divide(number))
    print("running:", len(TASKS))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("running:", len(TASKS))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
