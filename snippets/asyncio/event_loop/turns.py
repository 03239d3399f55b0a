"""Show when two coroutines take turns, and when they do not."""

import asyncio
from collections.abc import Awaitable, Callable


# --8<-- [start:turns]
async def ready() -> None:
    """Return at once; nothing in here waits."""


async def give_way() -> None:
    """Let the loop run what else is ready."""
    await asyncio.sleep(0)


async def count(
    name: str, pause: Callable[[], Awaitable[None]], log: list[str]
) -> None:
    """Log three numbers, with an `await` after each."""
    for number in range(3):
        log.append(f"{name}{number}")
        await pause()


async def main() -> None:
    for pause in (ready, give_way):
        log: list[str] = []
        a, b = count("a", pause, log), count("b", pause, log)
        await asyncio.gather(a, b)
        print(f"{pause.__name__:8}", *log)


# --8<-- [end:turns]
if __name__ == "__main__":
    asyncio.run(main())
