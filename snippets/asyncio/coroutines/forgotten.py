"""Show what becomes of a coroutine that nobody awaits."""

import asyncio
import warnings
from contextlib import suppress


# --8<-- [start:send]
async def send() -> None:
    """Fail like a send to a client that has gone."""
    print("  sending")
    raise ConnectionResetError


async def careful() -> None:
    """Await `send`, so that its error is raised here."""
    with suppress(ConnectionError):
        await send()


async def careless() -> None:
    """Leave out the `await`; mypy notices."""
    with suppress(ConnectionError):
        send()  # type: ignore[unused-coroutine]


# --8<-- [end:send]
# --8<-- [start:main]
async def main() -> None:
    print("careful")
    await careful()
    print("careless")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        await careless()
    for warning in caught:
        print(f"  {warning.category.__name__}: {warning.message}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
