"""Show how an `await` between reading and writing loses numbers."""

import asyncio


# --8<-- [start:counter]
class Counter:
    """Hand out numbers, in two ways."""

    def __init__(self) -> None:
        self.number = 0

    async def straight(self) -> int:
        """Read and write without an `await` between."""
        number = self.number
        self.number += 1
        return number

    async def interrupted(self) -> int:
        """Give way between reading and writing."""
        number = self.number
        await asyncio.sleep(0)
        self.number = number + 1
        return number


async def main() -> None:
    for take in (Counter().straight, Counter().interrupted):
        numbers = await asyncio.gather(*(take() for _ in range(3)))
        print(f"{take.__name__:12}", *numbers)


# --8<-- [end:counter]
if __name__ == "__main__":
    asyncio.run(main())
