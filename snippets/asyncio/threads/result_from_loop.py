"""Show a thread that waits for a result from the event loop."""

import asyncio
from concurrent.futures import Future


# --8<-- [start:ask]
async def divide(number: int) -> float:
    """Divide one by a number, in the loop's thread."""
    await asyncio.sleep(0)
    return 1 / number


def ask(loop: asyncio.AbstractEventLoop, number: int) -> str:
    future = asyncio.run_coroutine_threadsafe(divide(number), loop)
    try:
        return f"{future.result(timeout=5)}"
    except ZeroDivisionError as error:
        return type(error).__name__


# --8<-- [end:ask]
# --8<-- [start:own]
def ask_own_loop(loop: asyncio.AbstractEventLoop) -> Future[float]:
    """Block the loop's own thread while waiting for the loop."""
    future = asyncio.run_coroutine_threadsafe(divide(2), loop)
    try:
        future.result(timeout=0.2)
    except TimeoutError:
        print("from its own thread: TimeoutError")
    return future


# --8<-- [end:own]
# --8<-- [start:main]
async def main() -> None:
    loop = asyncio.get_running_loop()
    for number in (2, 0):
        result = await asyncio.to_thread(ask, loop, number)
        print(f"from a thread, 1 / {number}:", result)
    late = await asyncio.wrap_future(ask_own_loop(loop))
    print("once the loop is free:", late)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
