"""Show what `asyncio.run` does around the coroutine it runs."""

import asyncio
from asyncio import AbstractEventLoop, Task
from collections.abc import Callable


# --8<-- [start:task]
async def start_task() -> tuple[AbstractEventLoop, Task[bool]]:
    """Leave a task behind; return the loop and the task."""
    task = asyncio.create_task(asyncio.Event().wait())
    return asyncio.get_running_loop(), task


# --8<-- [end:task]
# --8<-- [start:nest]
def attempt(call: Callable[[], object]) -> str:
    """Return the type of what a call returns or raises."""
    try:
        return type(call()).__name__
    except Exception as error:
        return type(error).__name__


async def nest() -> str:
    """Try to run a loop inside a loop."""
    work = start_task()
    try:
        return attempt(lambda: asyncio.run(work))
    finally:
        work.close()


# --8<-- [end:nest]
# --8<-- [start:main]
def main() -> None:
    loop, task = asyncio.run(start_task())
    other, _ = asyncio.run(start_task())
    print("the task left behind is cancelled:", task.cancelled())
    print("the second run has the same loop:", other is loop)
    print("the first loop is closed:", loop.is_closed())
    print("run inside a run:", asyncio.run(nest()))
    print("loop outside:", attempt(asyncio.get_running_loop))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
