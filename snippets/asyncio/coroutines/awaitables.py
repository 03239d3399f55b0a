"""Show what can be awaited, and whether it can be twice."""

import asyncio
from collections.abc import Generator
from typing import Any


async def seven() -> int:
    return 7


# --8<-- [start:attempt]
class Seven:
    """Yield to the event loop once, then return 7."""

    def __await__(self) -> Generator[None, None, int]:
        yield
        return 7


async def attempt(thing: Any) -> list[int | str]:
    """Await a thing twice; return two results or error names."""
    results: list[int | str] = []
    for _ in range(2):
        try:
            results.append(await thing)
        except Exception as error:
            results.append(type(error).__name__)
    return results


# --8<-- [end:attempt]
# --8<-- [start:main]
async def main() -> None:
    future = asyncio.get_running_loop().create_future()
    future.set_result(7)
    things = {
        "coroutine": seven(),
        "task": asyncio.create_task(seven()),
        "future": future,
        "__await__": Seven(),
        "None": None,
    }
    for name, thing in things.items():
        print(f"{name:10}", *await attempt(thing))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
