"""Show what a time limit stops, with a shield and without."""

import asyncio

LIMIT, WORK = 0.1, 0.4


# --8<-- [start:limits]
async def save(log: list[str]) -> None:
    """Take longer than the limit allows."""
    try:
        await asyncio.sleep(WORK)
        log.append("save: done")
    except asyncio.CancelledError:
        log.append("save: CancelledError")
        raise


async def limited(log: list[str], shielded: bool) -> None:
    """Wait for the work, but not longer than the limit."""
    saving = asyncio.create_task(save(log))
    try:
        async with asyncio.timeout(LIMIT):
            await (asyncio.shield(saving) if shielded else saving)
    except TimeoutError:
        log.append("caller: TimeoutError")
    await asyncio.wait([saving])


async def main() -> None:
    for shielded in (False, True):
        log: list[str] = []
        await limited(log, shielded)
        print(f"shielded={shielded}:", "; ".join(log))


# --8<-- [end:limits]
if __name__ == "__main__":
    asyncio.run(main())
