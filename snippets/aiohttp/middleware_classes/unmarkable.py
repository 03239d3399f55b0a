"""Show two objects that the decorator cannot mark."""

from typing import Any

from aiohttp import web


# --8<-- [start:slotted]
class Slotted:
    """Without `__dict__`, an instance takes no new attribute."""

    __slots__ = ()

    async def __call__(self, request: Any, handler: Any) -> Any:
        return await handler(request)


OBJECTS = {
    "an instance with __slots__": Slotted(),
    "a bound method": Slotted().__call__,
}


# --8<-- [end:slotted]
def main() -> None:
    # --8<-- [start:main]
    for name, thing in OBJECTS.items():
        try:
            web.middleware(thing)
        except AttributeError as error:
            print(f"{name}: {type(error).__name__}")
    # --8<-- [end:main]


if __name__ == "__main__":
    main()
