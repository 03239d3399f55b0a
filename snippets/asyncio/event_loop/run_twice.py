"""Show what `asyncio.run` does around the coroutine it runs."""

import asyncio
from asyncio import AbstractEventLoop, Task


# --8<-- [start:run]
async def start_task() -> tuple[AbstractEventLoop, Task[bool]]:
    """Leave a task behind; return the loop and the task."""
    task = asyncio.create_task(asyncio.Event().wait())
    return asyncio.get_running_loop(), task


def main() -> None:
    loop, task = asyncio.run(start_task())
    other, _ = asyncio.run(start_task())
    print("the task left behind is cancelled:", task.cancelled())
    print("the second run has the same loop:", other is loop)
    print("the first loop is closed:", loop.is_closed())


# --8<-- [end:run]
if __name__ == "__main__":
    main()
