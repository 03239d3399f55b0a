"""Show a long computation that gives way between its slices."""

import asyncio

from snippets.asyncio.io_and_cpu.ticker import turns_beside

# --8<-- [start:sums]
NUMBERS, SIZE = range(1, 1_000_001), 100_000


async def whole() -> int:
    return sum(NUMBERS)


async def sliced(size: int) -> int:
    """Add up slice by slice; after each, give way."""
    total = 0
    for start in range(0, len(NUMBERS), size):
        total += sum(NUMBERS[start : start + size])
        await asyncio.sleep(0)
    return total


async def main() -> None:
    turns, result = await turns_beside(whole())
    print(f"whole:     {result}, the event loop took {turns} turns")
    turns, result = await turns_beside(sliced(SIZE))
    print(f"by {SIZE}: {result}, the event loop took {turns} turns")


# --8<-- [end:sums]
if __name__ == "__main__":
    asyncio.run(main())
