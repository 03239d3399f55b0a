"""Show when the event loop reports a failed task."""

import asyncio
from typing import Any


# --8<-- [start:report]
async def fail() -> None:
    raise ValueError


def report(
    loop: asyncio.AbstractEventLoop, context: dict[str, Any]
) -> None:
    """Print what the event loop would have logged."""
    error = type(context["exception"]).__name__
    print(f"the event loop: {context['message']}, {error}")


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(report)
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    print("failed:", task.done())
    print("the last reference goes")
    del task
    print("main ends")


# --8<-- [end:report]
if __name__ == "__main__":
    asyncio.run(main())
