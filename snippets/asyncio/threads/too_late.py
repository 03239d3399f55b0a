"""Show two ways for a thread to fill an asyncio.Queue."""

import asyncio
import threading
import time

PAUSE, TIMER = 0.1, 1.2


# --8<-- [start:receive]
async def receive(safe: bool) -> bool:
    """Say whether an item from a thread waits for the timer."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[None] = asyncio.Queue()

    def work() -> None:
        time.sleep(PAUSE)  # by now the loop sleeps, too
        if safe:
            loop.call_soon_threadsafe(queue.put_nowait, None)
        else:
            queue.put_nowait(None)

    start = loop.time()
    timer = asyncio.create_task(asyncio.sleep(TIMER))
    threading.Thread(target=work).start()
    await queue.get()
    timer.cancel()
    return loop.time() - start > TIMER / 2


async def main() -> None:
    print(f"a put after {PAUSE} s, a timer after {TIMER} s")
    for safe in (False, True):
        late = await receive(safe)
        print(f"safe={safe}:", "with the timer" if late else "at once")


# --8<-- [end:receive]
if __name__ == "__main__":
    asyncio.run(main())
