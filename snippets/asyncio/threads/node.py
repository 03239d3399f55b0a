"""Show how a node calls into the server's event loop."""

import asyncio

from snippets.recreation.server import PromptServer


# --8<-- [start:plain]
async def which() -> str:
    """Say which event loop this runs in."""
    server = asyncio.get_running_loop() is PromptServer.instance.loop
    return "the server's" if server else "the worker's"


def plain() -> None:
    """Do what the plain `def` of a node can do."""
    loop = PromptServer.instance.loop
    future = asyncio.run_coroutine_threadsafe(which(), loop)
    print("plain def:  ", future.result())


# --8<-- [end:plain]
# --8<-- [start:node]
async def node() -> None:
    """Do what the `async def` of a node can do."""
    print("awaited:    ", await which())
    loop = PromptServer.instance.loop
    future = asyncio.run_coroutine_threadsafe(which(), loop)
    result = await asyncio.wrap_future(future)
    print("handed over:", result)


# --8<-- [end:node]
async def main() -> None:
    PromptServer(asyncio.get_running_loop())
    await asyncio.to_thread(plain)
    await asyncio.to_thread(asyncio.run, node())  # as the worker does


if __name__ == "__main__":
    asyncio.run(main())
