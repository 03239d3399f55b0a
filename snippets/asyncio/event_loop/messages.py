"""Show what asyncio says when the event loop is not the right one."""

import asyncio
import re
from collections.abc import Callable


async def work() -> None: ...


# --8<-- [start:say]
def say(case: str, call: Callable[[], object]) -> None:
    """Print what a call raises, without names of objects."""
    try:
        call()
    except RuntimeError as error:
        print(f"{case}:\n  {re.sub('<.*>', '…', str(error))}")


# --8<-- [end:say]
# --8<-- [start:outside]
def outside() -> None:
    """Call where no event loop runs, after one has run."""
    coroutine = work()
    say("create_task", lambda: asyncio.create_task(coroutine))
    say("get_event_loop", asyncio.get_event_loop)
    closed = asyncio.new_event_loop()
    closed.close()
    say("loop.call_soon", lambda: closed.call_soon(print))
    coroutine.close()


# --8<-- [end:outside]
# --8<-- [start:inside]
async def inside(others: asyncio.Future[str]) -> None:
    """Call where one runs; the future is of another."""
    loop, coroutine = asyncio.get_running_loop(), work()
    say("asyncio.run", lambda: asyncio.run(coroutine))
    say("loop.run_until_complete", lambda: run_again(loop))
    coroutine.close()
    await others


def run_again(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_until_complete(loop.create_future())


async def make_future() -> asyncio.Future[str]:
    return asyncio.get_running_loop().create_future()


# --8<-- [end:inside]
# --8<-- [start:main]
def main() -> None:
    future = asyncio.run(make_future())
    outside()
    say("await in another run", lambda: asyncio.run(inside(future)))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
