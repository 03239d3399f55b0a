"""Show a worker that reports a bad job and goes on."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any

Jobs = queue.Queue[Any]
Report = Callable[[str], object]


# --8<-- [start:work]
def work(jobs: Jobs, do: Callable[[Any], str], report: Report) -> None:
    """Do jobs until there is None; go on after one that fails.

    Args:
        jobs: Where to take them from.
        do: What to do with one; returns its result.
        report: Called in this thread with the result of each job.

    Source: Python docs, Built-in Exceptions (SystemExit is outside)
    """
    while (job := jobs.get()) is not None:
        try:
            report(do(job))
        except Exception as error:
            report(f"failed: {type(error).__name__}")


# --8<-- [end:work]
def look(job: Any) -> str:
    """Fail if the job is no container."""
    return f"has a client: {'client' in job}"


# --8<-- [start:main]
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
    worker.join()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
