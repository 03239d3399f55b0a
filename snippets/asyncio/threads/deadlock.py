"""Show that the event loop's own thread cannot wait for the loop."""

import asyncio


async def answer() -> int:
    return 42


# --8<-- [start:deadlock]
async def main() -> None:
    loop = asyncio.get_running_loop()
    future = asyncio.run_coroutine_threadsafe(answer(), loop)
    try:
        future.result(timeout=0.2)
    except TimeoutError:  # up to 3.10: concurrent.futures.TimeoutError
        print("in the loop's own thread: TimeoutError")
    result = await asyncio.wrap_future(future)
    print("once it is free:", result)


# --8<-- [end:deadlock]
if __name__ == "__main__":
    asyncio.run(main())
