"""Show that gathered waits overlap, and gathered sums do not."""

import asyncio
import time


# --8<-- [start:jobs]
async def wait(seconds: float) -> None:
    """Wait, as for a response from the network."""
    print(f"{seconds} starts", end=", ")
    await asyncio.sleep(seconds)
    print(f"{seconds} ends", end=", ")


async def compute(limit: int) -> None:
    """Add up numbers, and wait for nothing."""
    print(f"{limit} starts", end=", ")
    sum(range(limit))
    print(f"{limit} ends", end=", ")


# --8<-- [end:jobs]
# --8<-- [start:main]
async def main() -> None:
    start = time.perf_counter()
    await wait(0.3)
    await wait(0.2)
    await wait(0.1)
    print("one by one")
    middle = time.perf_counter()
    await asyncio.gather(wait(0.3), wait(0.2), wait(0.1))
    print("gathered")
    end = time.perf_counter()
    print("gathering saved time:", end - middle < middle - start)
    await asyncio.gather(compute(200_000), compute(100_000))
    print("gathered too")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
