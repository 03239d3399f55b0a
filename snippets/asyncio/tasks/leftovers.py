"""Show which way to run leaves a task behind after a failure."""

import asyncio
import socket

HOST = "127.0.0.1"


# --8<-- [start:run]
async def start(port: int) -> None:
    """Start a server; fail if the port is taken."""
    loop = asyncio.get_running_loop()
    await loop.create_server(asyncio.Protocol, HOST, port)


async def publish(log: list[str]) -> None:
    """Wait for messages, of which none comes."""
    try:
        await asyncio.Queue[object]().get()
    finally:
        log.append("publish tidied up")


async def run(log: list[str]) -> None:
    """Try to do both, on a port that is taken."""
    publishing = asyncio.create_task(publish(log), name="publish")
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        await asyncio.gather(start(port), publishing)


# --8<-- [end:run]
# --8<-- [start:ways]
def left_behind(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Run as `main.py` does; return what happens."""
    log: list[str] = []
    try:
        loop.run_until_complete(run(log))
    except OSError as error:
        log.append(type(error).__name__)
    log += [f"left: {t.get_name()}" for t in asyncio.all_tasks(loop)]
    return log


def tidied_up() -> list[str]:
    """Run with `asyncio.run`; return what happens."""
    log: list[str] = []
    try:
        asyncio.run(run(log))
    except OSError as error:
        log.append(type(error).__name__)
    return log


# --8<-- [end:ways]
# --8<-- [start:main]
def main() -> None:
    with asyncio.Runner() as runner:  # closes its loop
        left = left_behind(runner.get_loop())
        print("run_until_complete:", ", ".join(left))
    print("asyncio.run:", ", ".join(tidied_up()))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
