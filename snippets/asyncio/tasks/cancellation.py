"""Show where a cancellation arrives."""

import asyncio


# --8<-- [start:cancellation]
async def wait(log: list[str]) -> None:
    try:
        log.append("began")
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("finally")


async def main() -> None:
    for begins in (True, False):
        log: list[str] = []
        task = asyncio.create_task(wait(log))
        if begins:
            await asyncio.sleep(0)  # its first turn
        task.cancel()
        log.append("cancel() returned")
        await asyncio.wait([task])
        print(f"begins={begins}:", ", ".join(log))


# --8<-- [end:cancellation]
if __name__ == "__main__":
    asyncio.run(main())
