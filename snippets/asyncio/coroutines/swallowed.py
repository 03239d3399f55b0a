"""Show which `except` catches a cancellation, and the task's end."""

import asyncio
from contextlib import suppress


# --8<-- [start:swallowed]
async def wait(ignored: type[BaseException]) -> None:
    """Wait for ever, and ignore one kind of exception."""
    with suppress(ignored):
        await asyncio.Event().wait()


async def main() -> None:
    for ignored in (Exception, asyncio.CancelledError):
        task = asyncio.create_task(wait(ignored))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        print(f"ignoring {ignored.__name__}:", end=" ")
        print("cancelled" if task.cancelled() else "finished")


# --8<-- [end:swallowed]
if __name__ == "__main__":
    asyncio.run(main())
