"""Show that threads are interrupted, and coroutines are not."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

TIMEOUT = 1


# --8<-- [start:spin]
def spin(mine: Event, yours: Event) -> bool:
    """Set my flag, then check yours without ever waiting.

    Args:
        mine: The flag to set: this function has started.
        yours: The flag to check, for `TIMEOUT` seconds at most.

    Returns:
        Whether the other one started meanwhile.
    """
    mine.set()
    end = time.monotonic() + TIMEOUT
    while not yours.is_set():
        if time.monotonic() > end:
            return False
    return True


async def spin_in_loop(mine: Event, yours: Event) -> bool:
    """Do the same in a coroutine."""
    return spin(mine, yours)


# --8<-- [end:spin]
# --8<-- [start:main]
def two_threads() -> list[bool]:
    a, b = Event(), Event()
    with ThreadPoolExecutor() as pool:
        return [*pool.map(spin, (a, b), (b, a))]


async def two_coroutines() -> list[bool]:
    a, b = Event(), Event()
    both = asyncio.gather(spin_in_loop(a, b), spin_in_loop(b, a))
    return [*await both]


async def main() -> None:
    print(f"watching for {TIMEOUT} s at most")
    print("threads:   ", *two_threads())
    print("coroutines:", *await two_coroutines())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
