"""Show what to write instead; it works in a second run, too."""

import asyncio


# --8<-- [start:instead]
async def work() -> str:
    return "works"


def ask(loop: asyncio.AbstractEventLoop) -> str:
    """Wait in another thread for a result from the event loop."""
    return asyncio.run_coroutine_threadsafe(work(), loop).result(10)


async def steps() -> None:
    """Make and use each object in the same run."""
    loop = asyncio.get_running_loop()  # not get_event_loop()
    task = asyncio.create_task(work())  # here a loop runs
    future = loop.create_future()
    loop.call_soon(future.set_result, "works")
    print("task", await task, end=", ")
    print("coroutine", await work(), end=", ")  # not asyncio.run()
    print("future", await future, end=", ")
    print("thread", await asyncio.to_thread(ask, loop))


def main() -> None:
    for _ in range(2):
        asyncio.run(steps())


# --8<-- [end:instead]
if __name__ == "__main__":
    main()
