"""Show whether the loop turns while something computes elsewhere."""

import asyncio
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor

from snippets.asyncio.io_and_cpu.ticker import turns_beside

SECONDS = 0.3


# --8<-- [start:compute]
def build_pool() -> ProcessPoolExecutor:
    """Return a pool whose processes start afresh, on every system."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(mp_context=context)


def keep_busy() -> int:
    """Keep a core busy for a while; return the process id."""
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        pass
    return os.getpid()


async def in_a_thread() -> int:
    return await asyncio.to_thread(keep_busy)


async def in_a_process(pool: ProcessPoolExecutor) -> int:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, keep_busy)


# --8<-- [end:compute]
# --8<-- [start:main]
async def compare(pool: ProcessPoolExecutor) -> None:
    """Print whether the event loop turns beside a thread, a process."""
    print(f"while something computes {SECONDS} s, the event loop …")
    for name, work in (
        ("in a thread", in_a_thread()),
        ("in a process", in_a_process(pool)),
    ):
        turns, pid = await turns_beside(work)
        state = "runs" if turns else "is blocked"
        whose = "this" if pid == os.getpid() else "another"
        print(f"{name:12} {state}: {whose} process")


def main() -> None:
    with build_pool() as pool:  # around the event loop, not inside
        asyncio.run(compare(pool))


if __name__ == "__main__":
    main()
# --8<-- [end:main]
