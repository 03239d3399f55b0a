"""Show that calling a coroutine function runs none of its body."""

import asyncio


# --8<-- [start:hello]
async def hello_world() -> None:
    print("Hello")
    await asyncio.sleep(1)  # waits for a timer
    print("World")


# --8<-- [end:hello]
# --8<-- [start:call]
def main() -> None:
    made = hello_world()
    print("called, and got a", type(made).__name__)
    asyncio.run(made)


# --8<-- [end:call]
if __name__ == "__main__":
    main()
