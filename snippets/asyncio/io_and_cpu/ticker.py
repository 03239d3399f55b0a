"""Show which calls let the event loop turn while they wait."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
SECONDS = 0.3


# --8<-- [start:ticker]
async def sleep_badly() -> None:
    time.sleep(SECONDS)  # noqa: ASYNC251


async def turns_beside(work: Awaitable[T]) -> tuple[int, T]:
    """Count the turns that the event loop takes meanwhile."""
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    ticker = asyncio.create_task(tick())
    result = await work
    ticker.cancel()
    return turns, result


async def main() -> None:
    print(f"while this waits {SECONDS} s, the event loop …")
    for name, work in (
        ("asyncio.sleep", asyncio.sleep(SECONDS)),
        ("time.sleep", sleep_badly()),
        ("to_thread", asyncio.to_thread(time.sleep, SECONDS)),
    ):
        turns, _ = await turns_beside(work)
        print(f"{name:14}", "runs" if turns else "is blocked")


# --8<-- [end:ticker]
if __name__ == "__main__":
    asyncio.run(main())
