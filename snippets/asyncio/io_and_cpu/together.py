"""Show that gathered waits overlap, and gathered sums do not."""

import asyncio


# --8<-- [start:together]
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


async def main() -> None:
    for seconds in (0.2, 0.1):
        await wait(seconds)
    print("one by one")
    await asyncio.gather(wait(0.2), wait(0.1))
    print("gathered")
    await asyncio.gather(compute(200_000), compute(100_000))
    print("gathered")


# --8<-- [end:together]
if __name__ == "__main__":
    asyncio.run(main())
