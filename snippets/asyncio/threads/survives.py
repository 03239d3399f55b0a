"""Show a worker that reports a bad job and goes on."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any

# --8<-- [start:work]
Jobs = queue.Queue[Any]
Report = Callable[[str], object]


def work(jobs: Jobs, do: Callable[[Any], str], report: Report) -> None:
    """Do jobs until there is None; go on after one that fails.

    Args:
        jobs: Where to take them from.
        do: What to do with one; returns its result.
        report: Called in this thread with the result of each job.

    `SystemExit` is no `Exception`: it ends the thread.
    """
    while (job := jobs.get()) is not None:
        try:
            report(do(job))
        except Exception as error:
            report(f"failed: {type(error).__name__}")


# --8<-- [end:work]
# --8<-- [start:main]
def look(job: Any) -> str:
    """Fail if the job is no container."""
    return f"has a client: {'client' in job}"


async def main() -> None:
    loop, jobs = asyncio.get_running_loop(), Jobs()
    reports: asyncio.Queue[str] = asyncio.Queue()

    def report(text: str) -> None:
        loop.call_soon_threadsafe(reports.put_nowait, text)

    worker = threading.Thread(target=work, args=(jobs, look, report))
    worker.start()
    for job in ({"client": "a"}, 5, {"client": "b"}, None):
        jobs.put(job)
    for _ in range(3):
        print("worker:", await reports.get())
    await asyncio.to_thread(worker.join)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
