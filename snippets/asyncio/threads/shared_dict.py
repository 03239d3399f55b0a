"""Show that a thread hands over a dict itself, not a copy of it."""

import asyncio
import threading
from collections.abc import Callable

Progress = dict[str, int]


# --8<-- [start:work]
def work(send: Callable[[Progress], object], copied: bool) -> None:
    """Report three steps, each time with the same dict."""
    progress = {"value": 0}
    for value in (1, 2, 3):
        progress["value"] = value
        send(dict(progress) if copied else progress)


async def receive(copied: bool) -> list[int]:
    """Return the values that a thread sends while the loop is busy."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Progress] = asyncio.Queue()

    def send(progress: Progress) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, progress)

    thread = threading.Thread(target=work, args=(send, copied))
    thread.start()
    thread.join()  # the loop is busy until then
    return [(await queue.get())["value"] for _ in range(3)]


async def main() -> None:
    for copied in (False, True):
        print(f"copied={copied}:", await receive(copied))


# --8<-- [end:work]
if __name__ == "__main__":
    asyncio.run(main())
