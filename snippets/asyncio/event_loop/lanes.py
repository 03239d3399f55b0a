"""Show who runs and who waits while one of three tasks sleeps."""

import asyncio
import selectors
import time
from unittest.mock import patch


# --8<-- [start:clock]
class Clock(selectors.SelectSelector):
    """Jump to the next timer, where others would wait for it."""

    now = 0.0

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0
        return []  # no sockets here

    def sleep(self, seconds: float) -> None:
        """Replace `time.sleep`: the thread does nothing else."""
        self.now += seconds


class Loop(asyncio.SelectorEventLoop):
    """An event loop that reads its time from that clock."""

    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


# --8<-- [end:clock]
# --8<-- [start:work]
async def work(name: str, sleep: str, log: list[str]) -> None:
    """Compute for a second, pause for three; in turn 2 sleep too."""
    now = asyncio.get_running_loop().time
    due = now()
    for turn in range(4):
        if due < now():
            log.append(f"{name} waits {due:.0f}-{now():.0f}")
        log.append(f"{name} runs {now():.0f}-{now() + 1:.0f}")
        time.sleep(1)  # noqa: ASYNC251
        if turn == 1 and sleep == f"time.sleep in {name}":
            log.append(f"{name} sleeps {now():.0f}-{now() + 6:.0f}")
            time.sleep(6)  # noqa: ASYNC251
        if turn == 1 and sleep == f"asyncio.sleep in {name}":
            await asyncio.sleep(6)
        due = now() + 3
        await asyncio.sleep(3)


# --8<-- [end:work]
# --8<-- [start:main]
SLEEPS = (
    "no sleep",
    "time.sleep in A",
    "time.sleep in B",
    "time.sleep in C",
    "asyncio.sleep in B",
)


async def work_together(sleep: str) -> list[str]:
    log: list[str] = []
    await asyncio.gather(*(work(name, sleep, log) for name in "ABC"))
    return log


def main() -> None:
    for sleep in SLEEPS:
        loop = Loop()
        with patch("time.sleep", loop.clock.sleep):
            log = loop.run_until_complete(work_together(sleep))
        loop.close()
        print(f"{sleep}:", ", ".join(log))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
