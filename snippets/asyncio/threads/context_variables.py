"""Show which threads see the context variables of their caller."""

import asyncio
from contextvars import ContextVar, copy_context

# --8<-- [start:ways]
CLIENT = ContextVar("CLIENT", default="nobody")


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


async def main() -> None:
    CLIENT.set("loop")
    for way in (to_thread, executor, by_hand):
        print(f"{way.__name__}:", await way())


# --8<-- [end:ways]
if __name__ == "__main__":
    asyncio.run(main())
