"""Show which awaits let the event loop run something else."""

import asyncio
from collections.abc import Awaitable, Iterator


async def ready() -> None:
    """Return at once; nothing in here waits."""


# --8<-- [start:waits]
def waits() -> Iterator[tuple[str, Awaitable[object]]]:
    """Yield names, and what to await, inside a running loop."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    done.set_result(None)
    queue: asyncio.Queue[None] = asyncio.Queue()
    lock = asyncio.Lock()
    yield "coroutine without a wait", ready()
    yield "finished future", done
    yield "put into a queue with room", queue.put(None)
    yield "get from a queue with items", queue.get()
    yield "lock that is free", lock.acquire()
    loop.call_soon(queue.put_nowait, None)
    yield "get from an empty queue", queue.get()
    loop.call_soon(lock.release)
    yield "lock that is taken", lock.acquire()
    yield "new task", asyncio.create_task(ready())
    yield "asyncio.sleep(0)", asyncio.sleep(0)


# --8<-- [end:waits]
# --8<-- [start:yields]
async def gives_way(wait: Awaitable[object]) -> bool:
    """Await something; say whether a callback ran meanwhile."""
    ran: list[bool] = []
    asyncio.get_running_loop().call_soon(ran.append, True)
    await wait
    return ran == [True]


async def main() -> None:
    for name, wait in waits():
        way = "gives way" if await gives_way(wait) else "runs on"
        print(f"{name:27}", way)


# --8<-- [end:yields]
if __name__ == "__main__":
    asyncio.run(main())
