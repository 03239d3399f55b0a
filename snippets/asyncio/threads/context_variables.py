"""Show which threads see the context variables of their caller."""

import asyncio
import concurrent.futures
import threading
from contextvars import ContextVar, copy_context

CLIENT = ContextVar("CLIENT", default="nobody")


# --8<-- [start:ways]
async def to_thread() -> str:
    """Let asyncio copy the context."""
    return await asyncio.to_thread(CLIENT.get)


async def executor() -> str:
    """Use the pool of threads directly."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, CLIENT.get)


async def by_hand() -> str:
    """Use the pool, with a copy of the context."""
    loop, context = asyncio.get_running_loop(), copy_context()
    return await loop.run_in_executor(None, context.run, CLIENT.get)


async def and_back() -> str:
    """Set a variable in a thread, and call back into the loop."""
    loop = asyncio.get_running_loop()
    future = concurrent.futures.Future[str]()

    def work() -> None:
        CLIENT.set("thread")
        loop.call_soon_threadsafe(
            lambda: future.set_result(CLIENT.get())
        )

    threading.Thread(target=work).start()
    return await asyncio.wrap_future(future)


# --8<-- [end:ways]
# --8<-- [start:main]
async def main() -> None:
    CLIENT.set("loop")
    for way in (to_thread, executor, by_hand, and_back):
        print(f"{way.__name__}:", await way())


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
