"""Show which of two base classes catches each kind of error."""

import asyncio

import aiohttp

# --8<-- [start:families]
LISTED = (
    aiohttp.ClientError,
    aiohttp.ClientPayloadError,
    ConnectionResetError,
    BrokenPipeError,
    ConnectionError,
)
ENOUGH = (aiohttp.ClientError, ConnectionError)
OTHERS = (
    aiohttp.ClientConnectionResetError,
    TypeError,
    RuntimeError,
    TimeoutError,
    asyncio.CancelledError,
)


# --8<-- [end:families]
# --8<-- [start:main]
def caught_as(error: type[BaseException]) -> list[str]:
    """Return the names of those in ENOUGH that catch this class."""
    return [base.__name__ for base in ENOUGH if issubclass(error, base)]


def main() -> None:
    for title, errors in {"listed": LISTED, "others": OTHERS}.items():
        print(f"{title}:")
        for error in errors:
            bases = " and ".join(caught_as(error)) or "-"
            print(f"  {error.__name__:27}{bases}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
