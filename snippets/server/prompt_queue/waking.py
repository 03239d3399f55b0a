"""Show how a flag wakes a worker that has nothing to do."""

import threading
import time
from collections.abc import Callable
from typing import Any

from snippets.server.prompt_queue.taking_back import Listed


# --8<-- [start:queue]
class PromptQueue(Listed):
    """The queue of prompts, and what else its worker is asked for.

    Source: ComfyUI v0.3.10, execution.py 872–998.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__(changed)
        self.flags: dict[str, Any] = {}

    def set_flag(self, name: str, value: Any) -> None:
        """Ask the worker for something, and wake it."""
        with self.news:
            self.flags[name] = value
            self.news.notify()

    def take_flags(self) -> dict[str, Any]:
        """Return what was asked for, and forget it."""
        with self.news:
            flags, self.flags = self.flags, {}
            return flags


# --8<-- [end:queue]
# --8<-- [start:wake]
def wait(queue: PromptQueue, timeout: float) -> str:
    """Take a prompt where there is none; say what ended the wait."""
    start = time.monotonic()
    assert queue.take(timeout) is None
    waited = time.monotonic() - start
    return "timeout" if waited > timeout / 2 else "woken"


def main() -> None:
    queue = PromptQueue(changed=lambda: None)
    ask = threading.Thread(target=queue.set_flag, args=("free", True))
    with queue.news:  # its lock: the flag is set once we wait
        ask.start()
        print(wait(queue, timeout=60), queue.take_flags())
    queue.set_flag("free", True)  # nobody waits yet
    print(wait(queue, timeout=0.2), queue.take_flags())


# --8<-- [end:wake]
if __name__ == "__main__":
    main()
