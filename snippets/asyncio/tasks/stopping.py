"""Show how to leave no task running when a `gather` fails."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from snippets.asyncio.tasks.cancellation import wait


# --8<-- [start:stopping]
async def gather_or_stop(*jobs: Coroutine[Any, Any, Any]) -> object:
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.cancelling():  # since Python 3.11
                task.cancel()  # no effect on one that has ended
        await asyncio.gather(*tasks, return_exceptions=True)


async def fail() -> None:
    raise ValueError


async def main() -> None:
    log: list[str] = []
    try:
        await gather_or_stop(wait(log), fail())
    except ValueError:
        log.append("caller: ValueError")
    print(", ".join(log))


# --8<-- [end:stopping]
if __name__ == "__main__":
    asyncio.run(main())
