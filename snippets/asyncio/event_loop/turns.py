"""Show when two coroutines take turns, and when they do not."""

import asyncio
from collections.abc import Awaitable, Callable


# --8<-- [start:turns]
async def ready() -> None:
    """Return at once; nothing in here waits."""


async def give_way() -> None:
    """Let whatever else is ready run first."""
    await asyncio.sleep(0)


async def count(
    name: str, pause: Callable[[], Awaitable[None]], said: list[str]
) -> None:
    """Say three numbers, with an `await` behind each."""
    for number in range(3):
        said.append(f"{name}{number}")
        await pause()


async def main() -> None:
    for pause in (ready, give_way):
        said: list[str] = []
        a, b = count("a", pause, said), count("b", pause, said)
        await asyncio.gather(a, b)
        print(f"{pause.__name__:8}", *said)


# --8<-- [end:turns]
if __name__ == "__main__":
    asyncio.run(main())
