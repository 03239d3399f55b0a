"""Show a thread that asks the event loop and waits for the answer."""

import asyncio
from concurrent.futures import Future


# --8<-- [start:ask]
async def divide(number: int) -> float:
    """Divide one by a number, in the loop's thread."""
    await asyncio.sleep(0)
    return 1 / number


def ask(loop: asyncio.AbstractEventLoop, number: int) -> str:
    """Wait for the answer, or for what went wrong."""
    answer = asyncio.run_coroutine_threadsafe(divide(number), loop)
    try:
        return f"{answer.result(timeout=5)}"
    except ZeroDivisionError as error:
        return type(error).__name__


# --8<-- [end:ask]
# --8<-- [start:own]
def ask_oneself(loop: asyncio.AbstractEventLoop) -> Future[float]:
    """Wait for the loop while standing in its way."""
    answer = asyncio.run_coroutine_threadsafe(divide(2), loop)
    try:
        answer.result(timeout=0.2)
    except TimeoutError:
        print("from its own thread: TimeoutError")
    return answer


# --8<-- [end:own]
async def main() -> None:
    loop = asyncio.get_running_loop()
    for number in (2, 0):
        answer = await asyncio.to_thread(ask, loop, number)
        print(f"from a thread, 1 / {number}:", answer)
    late = await asyncio.wrap_future(ask_oneself(loop))
    print("once the loop is free:", late)


if __name__ == "__main__":
    asyncio.run(main())
