"""Show what becomes of the others when one of several tasks fails."""

import asyncio

SECONDS = 0.2


# --8<-- [start:jobs]
async def fail() -> None:
    """Fail at once."""
    raise ValueError("the first")


async def last(log: list[str]) -> None:
    """Take a little longer, and say how it ended."""
    try:
        await asyncio.sleep(SECONDS)
        log.append(f"the other finished after {SECONDS} s")
    except asyncio.CancelledError:
        log.append("the other was cancelled")
        raise


# --8<-- [end:jobs]
# --8<-- [start:both]
async def gathered(log: list[str]) -> None:
    """Let `gather` run both."""
    await asyncio.gather(fail(), last(log))


async def grouped(log: list[str]) -> None:
    """Let a `TaskGroup` run both."""
    async with asyncio.TaskGroup() as group:
        group.create_task(fail())
        group.create_task(last(log))


# --8<-- [end:both]
async def main() -> None:
    for run in (gathered, grouped):
        log: list[str] = []
        try:
            await run(log)
        except (ValueError, ExceptionGroup) as error:
            log.append(type(error).__name__)
        await asyncio.sleep(SECONDS)
        print(f"{run.__name__}:", ", then ".join(log))


if __name__ == "__main__":
    asyncio.run(main())
