"""Show that awaiting a coroutine does not hand control back."""

import asyncio

TIMES = 1000


# --8<-- [start:inline]
async def ready() -> None:
    """Return at once; nothing in here waits."""


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "  the callback runs")
    print(f"await ready(), {TIMES} times")
    for _ in range(TIMES):
        await ready()
    print("await asyncio.sleep(0)")
    await asyncio.sleep(0)

    loop.call_soon(print, "  the callback runs")
    print("await asyncio.create_task(ready())")
    await asyncio.create_task(ready())
    print("done")


# --8<-- [end:inline]
if __name__ == "__main__":
    asyncio.run(main())
