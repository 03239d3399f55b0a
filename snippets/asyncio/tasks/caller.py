"""Show when three tasks end, and when their caller goes on."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from snippets.asyncio.event_loop.lanes import Loop

Jobs = list[Coroutine[Any, Any, str]]


# --8<-- [start:ways]
async def gather(jobs: Jobs) -> object:
    return await asyncio.gather(*jobs)


async def collect(jobs: Jobs) -> object:
    return await asyncio.gather(*jobs, return_exceptions=True)


async def group(jobs: Jobs) -> object:
    async with asyncio.TaskGroup() as tasks:
        return [tasks.create_task(job) for job in jobs]


# --8<-- [end:ways]
# --8<-- [start:work]
ENDS = {"a": (2, "fails"), "b": (5, "returns"), "c": (7, "fails")}


async def work(name: str, log: list[str]) -> str:
    """Work for some seconds, then end as ENDS says."""
    now = asyncio.get_running_loop().time
    seconds, end = ENDS[name]
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        end = "cancelled"
        raise
    finally:
        log.append(f"{name} works 0-{now():.0f}")
        log.append(f"{name} {end} {now():.0f}-{now() + 1:.0f}")
    if end == "fails":
        raise ValueError(name)
    return name


# --8<-- [end:work]
# --8<-- [start:call]
async def call(way: Callable[[Jobs], Awaitable[object]]) -> list[str]:
    """Await three tasks in one of the ways; return what happened."""
    now = asyncio.get_running_loop().time
    log: list[str] = []
    end = "gets"
    try:
        await way([work(name, log) for name in ENDS])
    except (ValueError, ExceptionGroup):
        end = "raises"
    log.append(f"caller awaits 0-{now():.0f}")
    log.append(f"caller {end} {now():.0f}-{now() + 1:.0f}")
    await asyncio.sleep(9)  # tasks that are left go on
    return sorted(log)


# --8<-- [end:call]
# --8<-- [start:main]
def main() -> None:
    for way in (gather, collect, group):
        loop = Loop()
        print(
            f"{way.__name__}:",
            ", ".join(loop.run_until_complete(call(way))),
        )
        loop.close()


# --8<-- [end:main]
if __name__ == "__main__":
    main()
