"""Show how a thread hands the event loop a call and a coroutine."""

import asyncio


# --8<-- [start:program]
async def double(number: int) -> int:
    return 2 * number


def work(
    loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[str]
) -> int:
    """Hand over a call, then a coroutine; return its result."""
    loop.call_soon_threadsafe(queue.put_nowait, "from the thread")
    future = asyncio.run_coroutine_threadsafe(double(21), loop)
    return future.result()


async def main() -> None:
    queue: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    print("result:", await asyncio.to_thread(work, loop, queue))
    print("item:", await queue.get())


# --8<-- [end:program]
if __name__ == "__main__":
    asyncio.run(main())
