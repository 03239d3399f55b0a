"""Show that reading a file stops the loop, unless a thread reads it."""

import asyncio
import os
import threading
from typing import TextIO

from snippets.asyncio.io_and_cpu.ticker import turns_beside

SECONDS = 0.3


def slow_file() -> TextIO:
    """Open a file that is slow to read: a pipe, for a slow disk."""
    source, target = os.pipe()

    def write() -> None:
        with os.fdopen(target, "w") as file:
            file.write("contents")

    threading.Timer(SECONDS, write).start()
    return os.fdopen(source)


# --8<-- [start:read]
async def in_the_loop() -> str:
    with slow_file() as file:
        return file.read()


async def in_a_thread() -> str:
    with slow_file() as file:
        return await asyncio.to_thread(file.read)


# --8<-- [end:read]
# --8<-- [start:main]
async def main() -> None:
    print(f"while a read takes {SECONDS} s, the event loop …")
    for work in (in_the_loop, in_a_thread):
        turns, text = await turns_beside(work())
        state = "turns" if turns else "stands still"
        print(f"{work.__name__:12} {state}: {text}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
