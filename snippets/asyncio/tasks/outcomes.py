"""Show how three tasks end when the first and last fail."""

import asyncio
from collections.abc import Coroutine
from typing import Any

Jobs = list[Coroutine[Any, Any, str]]


# --8<-- [start:work]
ENDS = {"a": "failed", "b": "done", "c": "failed"}


async def work(name: str, turns: int, log: list[str]) -> str:
    """Take some turns, then end as ENDS says."""
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    log.append(f"{name} {ENDS[name]}")
    if ENDS[name] == "failed":
        raise ValueError(name)
    return name


# --8<-- [end:work]
# --8<-- [start:ways]
async def gather(jobs: Jobs) -> object:
    return await asyncio.gather(*jobs)


async def collect(jobs: Jobs) -> object:
    return await asyncio.gather(*jobs, return_exceptions=True)


async def group(jobs: Jobs) -> object:
    async with asyncio.TaskGroup() as tasks:
        return [tasks.create_task(job) for job in jobs]


# --8<-- [end:ways]
# --8<-- [start:main]
async def main() -> None:
    for way in (gather, collect, group):
        log: list[str] = []
        turns = {"a": 1, "b": 9, "c": 12}
        jobs = [work(name, n, log) for name, n in turns.items()]
        try:
            end = await way(jobs)
        except (ValueError, ExceptionGroup) as error:
            end = error
        for _ in range(20):  # let the tasks that are left go on
            await asyncio.sleep(0)
        print(f"{way.__name__}: {', '.join(log)}")
        print(f"  the caller gets {end!r}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
