"""Show which calls from a thread wake a sleeping event loop."""

import asyncio
import threading
import time
from collections.abc import Callable

PAUSE, TIMEOUT = 0.1, 0.4
Case = tuple[Callable[[], object], asyncio.Task[object]]


# --8<-- [start:cases]
def build_cases() -> dict[str, Case]:
    """Return calls, each with the task that it should end."""
    loop = asyncio.get_running_loop()
    create = asyncio.create_task
    queue: asyncio.Queue[object] = asyncio.Queue()
    event, later = asyncio.Event(), asyncio.Event()
    forever: asyncio.Task[object] = create(asyncio.Event().wait())
    return {
        "put_nowait": (
            lambda: queue.put_nowait(1),
            create(queue.get()),
        ),
        "Event.set": (event.set, create(event.wait())),
        "Task.cancel": (forever.cancel, forever),
        "loop.call_soon": (
            lambda: loop.call_soon(later.set),
            create(later.wait()),
        ),
    }


# --8<-- [end:cases]
# --8<-- [start:wakes]
async def wakes(case: Case, safe: bool) -> bool:
    """Call from a thread; say whether the task ends soon."""
    loop, (call, task) = asyncio.get_running_loop(), case
    ended = threading.Event()
    task.add_done_callback(lambda _: ended.set())

    def work() -> bool:
        time.sleep(PAUSE)  # by now the loop sleeps, too
        if safe:
            loop.call_soon_threadsafe(call)
        else:
            call()
        return ended.wait(TIMEOUT)

    return await asyncio.to_thread(work)


# --8<-- [end:wakes]
# --8<-- [start:main]
async def main() -> None:
    direct, safely = build_cases(), build_cases()
    for name in direct:
        one = await wakes(direct[name], safe=False)
        other = await wakes(safely[name], safe=True)
        print(f"{name}: direct={one}, threadsafe={other}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
