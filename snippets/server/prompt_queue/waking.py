"""Show how a flag wakes a worker that has nothing to do."""

import asyncio
import threading
import time

from snippets.recreation.execution import Item, PromptQueue
from snippets.recreation.serving import serving


# --8<-- [start:remedy]
class Attentive(PromptQueue):
    """Prompts and flags; whoever waits for both misses neither."""

    def get(
        self, timeout: float | None = None
    ) -> tuple[Item, int] | None:
        with self.not_empty:
            self.not_empty.wait_for(
                lambda: self.queue or self.flags, timeout
            )
            return super().get(timeout=0)  # None without a prompt


# --8<-- [end:remedy]
# --8<-- [start:wake]
def wait(queue: PromptQueue, timeout: float) -> str:
    """Take a prompt where there is none; say what ended the wait."""
    start = time.monotonic()
    assert queue.get(timeout) is None
    waited = time.monotonic() - start
    return "timeout" if waited > timeout / 2 else "woken"


async def main() -> None:
    async with serving(worker=False) as (server, *_):
        queue = server.prompt_queue
        ask = threading.Thread(
            target=queue.set_flag, args=("free_memory", True)
        )
        with queue.not_empty:  # its lock: the flag is set once we wait
            ask.start()
            print(wait(queue, timeout=60), queue.get_flags())
        queue.set_flag("free_memory", True)  # nobody waits yet
        print(wait(queue, timeout=0.2), queue.get_flags())
        queue = Attentive(server)
        queue.set_flag("free_memory", True)
        print(wait(queue, timeout=60), queue.get_flags())


# --8<-- [end:wake]
if __name__ == "__main__":
    asyncio.run(main())
