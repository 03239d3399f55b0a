"""Show what happens to two kinds of thread when a program ends."""

import subprocess
import sys
import threading
import time


def run(daemon: bool) -> str:
    """Run `child` as a program; return what it printed."""
    module = "snippets.asyncio.threads.at_exit"
    code = f"from {module} import child; child({daemon})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    return ", ".join(done.stdout.splitlines())


# --8<-- [start:work]
def work(begun: threading.Event) -> None:
    """Take longer than the main thread and the exit."""
    try:
        print("begins", flush=True)
        begun.set()
        time.sleep(2)
        print("ends")
    finally:
        print("tidied up")


def child(daemon: bool) -> None:
    """Start a thread, and end the main thread."""
    begun = threading.Event()
    threading.Thread(target=work, args=(begun,), daemon=daemon).start()
    begun.wait()


def main() -> None:
    for daemon in (False, True):
        print(f"daemon={daemon}:", run(daemon))


# --8<-- [end:work]
if __name__ == "__main__":
    main()
