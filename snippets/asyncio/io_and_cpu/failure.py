"""Show what happens to the other task when one fails."""

import asyncio

SECONDS = 0.2


# --8<-- [start:jobs]
async def fail() -> None:
    raise ValueError("the first")


async def last(log: list[str]) -> None:
    """Take a little longer; log how it ended."""
    try:
        await asyncio.sleep(SECONDS)
        log.append(f"the other finished after {SECONDS} s")
    except asyncio.CancelledError:
        log.append("the other was cancelled")
        raise


# --8<-- [end:jobs]
# --8<-- [start:both]
async def gathered(log: list[str]) -> None:
    await asyncio.gather(fail(), last(log))


async def grouped(log: list[str]) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fail())
        group.create_task(last(log))


# --8<-- [end:both]
# --8<-- [start:main]
async def main() -> None:
    for run in (gathered, grouped):
        log: list[str] = []
        try:
            await run(log)
        except (ValueError, ExceptionGroup) as error:
            log.append(type(error).__name__)
        await asyncio.sleep(SECONDS)
        print(f"{run.__name__}:", ", then ".join(log))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
