"""Show where a cancellation arrives."""

import asyncio


# --8<-- [start:wait]
async def wait(name: str, log: list[str]) -> None:
    try:
        log.append(f"{name} began")
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    finally:
        log.append(f"{name} finally")


async def wait_for_another(name: str, log: list[str]) -> None:
    """Wait for a task of one's own."""
    try:
        await asyncio.create_task(wait("child", log))
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise


# --8<-- [end:wait]
# --8<-- [start:cases]
async def waiting(log: list[str]) -> asyncio.Task[None]:
    """Cancel a task while it waits."""
    task = asyncio.create_task(wait("task", log))
    await asyncio.sleep(0)
    return task


async def fresh(log: list[str]) -> asyncio.Task[None]:
    """Cancel a task before its first turn."""
    return asyncio.create_task(wait("task", log))


async def parent(log: list[str]) -> asyncio.Task[None]:
    """Cancel a task that awaits another."""
    task = asyncio.create_task(wait_for_another("parent", log))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


# --8<-- [end:cases]
# --8<-- [start:main]
async def main() -> None:
    for case in (waiting, fresh, parent):
        log: list[str] = []
        task = await case(log)
        task.cancel()
        log.append("cancel()")
        await asyncio.wait([task])
        print(f"{case.__name__}:", ", ".join(log))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
