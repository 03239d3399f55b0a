"""Show background tasks that get some time to end, and no more."""

import asyncio

from snippets.asyncio.coroutines.spawn import TASKS, spawn


# --8<-- [start:drain]
async def drain(seconds: float) -> None:
    """Let the background tasks end; cancel those that take longer.

    Args:
        seconds: How long to wait before cancelling.
    """
    # --8<-- [start:gap]
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while TASKS:  # a task may spawn another one
        left = deadline - loop.time()
        _, late = await asyncio.wait(TASKS, timeout=left)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    # --8<-- [end:gap]


# --8<-- [end:drain]
# --8<-- [start:main]
async def save(seconds: float) -> None:
    """Take some time; print how it ended."""
    try:
        await asyncio.sleep(seconds)
        print(f"{seconds} s: saved")
    except asyncio.CancelledError:
        print(f"{seconds} s: cancelled")
        raise


async def main() -> None:
    for seconds in (0.1, 60):
        spawn(save(seconds))
    await drain(1)
    print("left:", len(TASKS))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
