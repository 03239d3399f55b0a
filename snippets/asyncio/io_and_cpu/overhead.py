"""Show what a call, an await and a task cost beside one another."""

import asyncio
import time
from collections.abc import Awaitable, Callable

# Many short runs: the best falls between the work of others.
ROUNDS, TIMES = 50, 1_000


# --8<-- [start:ways]
def function() -> None:
    """Do nothing."""


async def coroutine() -> None:
    """Do nothing, asynchronously."""


async def calls() -> None:
    for _ in range(TIMES):
        function()


async def awaits() -> None:
    for _ in range(TIMES):
        await coroutine()


async def tasks() -> None:
    for _ in range(TIMES):
        await asyncio.create_task(coroutine())


# --8<-- [end:ways]
async def best(way: Callable[[], Awaitable[None]]) -> float:
    """Return the seconds that the fastest of some runs took."""
    seconds: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await way()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


# --8<-- [start:main]
async def main() -> None:
    ways = (tasks, calls, awaits)
    seconds = {way.__name__: await best(way) for way in ways}
    print(f"{TIMES} times nothing, the best of {ROUNDS} runs:")
    print(" < ".join(sorted(seconds, key=seconds.__getitem__)))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
