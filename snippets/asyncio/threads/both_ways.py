"""Show jobs going to a worker thread, and reports coming back."""

import asyncio
import queue
import threading

# --8<-- [start:worker]
Report = tuple[str, str]  # the thread, and the text


class Worker:
    """Takes jobs in a thread and reports them to an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.jobs: queue.Queue[str | None] = queue.Queue()
        self.reports: asyncio.Queue[Report] = asyncio.Queue()

    def report(self, text: str) -> None:
        """Send a report to the loop, from any thread."""
        thread = threading.current_thread().name
        self.loop.call_soon_threadsafe(
            self.reports.put_nowait, (thread, text)
        )

    def work(self) -> None:
        """Take jobs until there is None."""
        while (job := self.jobs.get()) is not None:
            self.report(f"{job} begins")
            self.report(f"{job} ends")


# --8<-- [end:worker]
# --8<-- [start:main]
async def main() -> None:
    worker = Worker(asyncio.get_running_loop())
    thread = threading.Thread(target=worker.work, name="worker")
    thread.start()
    for job in ("cat.png", "dog.png", None):
        worker.jobs.put(job)  # no limit, so no wait
    for _ in range(4):
        sender, text = await worker.reports.get()
        here = threading.current_thread().name
        print(f"{sender} > {here}: {text}")
    await asyncio.to_thread(thread.join)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
