"""Green threads for a web page, where all of Python shares one thread of the operating system.

Each green thread has a WebAssembly stack of its own, and the browser switches stacks by JSPI (JavaScript
Promise Integration). Scheduling is cooperative: another thread runs only when the current one waits, for a
lock or for time to pass. A browser without JSPI runs what needs no second thread. `install()` replaces what
`threading` is built on.
"""

import _thread
import _threading_local
import asyncio
import gc
import io
import itertools
import logging
import queue
import threading
import time
from asyncio import base_events, events
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import worker  # the functions that browser/worker.js registers
from pyodide.ffi import can_run_sync, create_proxy, run_sync

SHUTDOWN_ROUNDS = 100  # how often each thread is resumed so that it can end


class Deadlock(KeyboardInterrupt):  # so that `except Exception` does not catch it and asyncio re-raises it
    """Every thread waits, and none of them can be woken any more."""


class ProgramEnded(SystemExit):  # which `threading` does not report
    """The program has ended; raised in the threads it left waiting."""


class ThreadsUnavailable(RuntimeError):
    """A second thread is needed, and the browser has no JSPI."""

    def __init__(self) -> None:
        super().__init__(
            "this browser cannot run a second thread: it lacks JSPI (JavaScript Promise Integration)"
        )


class Wait:
    """One wait of one thread."""

    def __init__(self, seconds: float | None) -> None:
        self.indefinite = seconds is None
        self.js = worker.createWait(None if seconds is None else seconds * 1000)

    def wake(self, reason: str) -> None:
        """End the wait; the thread continues when the current one waits."""
        self.indefinite = False
        self.js.resolve(reason)


class Scheduler:
    """Knows which thread runs, and what the others wait for."""

    def __init__(self) -> None:
        self.main = self.current = _thread.get_ident()
        self.idents = itertools.count(self.main + 1)
        self.threads = {self.main}
        self.waits: dict[int, Wait] = {}  # by thread
        self.shutting_down = False
        self.inline = False  # the event loop itself runs a call that was meant for an executor's thread

    def wait(self, waiters: deque[Wait], seconds: float | None) -> None:
        """Let other threads run until the wait that is put into `waiters` is woken, or the time is over.

        Raises:
            Deadlock: no thread is left that could wake this one.
            ProgramEnded: the program has ended.
            ThreadsUnavailable: another thread should wait, and the browser has no JSPI.
        """
        if seconds == 0 and len(self.threads) == 1:
            return
        if not can_run_sync():
            self.wait_without_jspi(seconds)
            return
        thread = self.current
        wait = self.waits[thread] = Wait(seconds)
        waiters.append(wait)
        self.detect_deadlock()
        try:
            with pyodide_event_loop():
                reason = run_sync(wait.js.promise)
        finally:
            self.current = thread
            del self.waits[thread]
            if wait in waiters:
                waiters.remove(wait)
        if reason == "deadlock":
            self.end_threads()
            raise Deadlock
        if self.shutting_down and thread != self.main:
            raise ProgramEnded

    def wait_without_jspi(self, seconds: float | None) -> None:
        """Block the whole worker: there is one thread only."""
        if self.inline:
            raise ThreadsUnavailable
        if seconds is None:
            raise Deadlock
        worker.block(seconds * 1000)

    def detect_deadlock(self) -> None:
        """Wake the main thread with a deadlock if every thread waits without a time limit."""
        waits = [self.waits.get(thread) for thread in self.threads]
        if all(wait and wait.indefinite for wait in waits):
            self.waits[self.main].wake("deadlock")

    def start_thread(
        self, function: Callable[[], object], handle: "ThreadHandle", daemon: bool = True
    ) -> None:
        """Replace `_thread.start_joinable_thread`.

        Raises:
            ThreadsUnavailable: the browser has no JSPI.
        """
        if not can_run_sync():
            raise ThreadsUnavailable
        handle.ident = next(self.idents)
        self.threads.add(handle.ident)
        policy = events._event_loop_policy  # type: ignore[attr-defined]

        def run() -> None:
            self.current = handle.ident
            asyncio._set_running_loop(None)
            events._event_loop_policy = policy  # type: ignore[attr-defined]
            try:
                function()
            finally:
                self.threads.discard(handle.ident)
                handle._set_done()
                self.detect_deadlock()

        worker.startThread(create_proxy(run))

    def end_threads(self) -> None:
        """End every thread that the program has left behind, and discard what they still print."""
        disabled = logging.root.manager.disable
        logging.disable()
        self.shutting_down = True
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            for _ in range(SHUTDOWN_ROUNDS):
                for ident in self.threads & self.waits.keys():
                    self.waits[ident].wake("shutdown")
                self.wait(deque(), 0)
            collect_garbage()
        self.shutting_down = False
        logging.disable(disabled)


@contextmanager
def pyodide_event_loop() -> Iterator[None]:
    """Hide the program's event loop: Pyodide asks asyncio for its own one when it switches stacks."""
    running, policy = asyncio._get_running_loop(), events._event_loop_policy  # type: ignore[attr-defined]
    asyncio._set_running_loop(None)
    events._event_loop_policy = pyodide_policy  # type: ignore[attr-defined]
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
        events._event_loop_policy = policy  # type: ignore[attr-defined]


class Lock:
    """Replaces `_thread.lock`."""

    def __init__(self) -> None:
        self._locked = False
        self._waiters = deque[Wait]()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock, waiting for it if `blocking`."""
        deadline = None if timeout < 0 else time.monotonic() + timeout
        while self._locked:
            left = None if deadline is None else deadline - time.monotonic()
            if not blocking or (left is not None and left <= 0):
                return False
            scheduler.wait(self._waiters, left)
        self._locked = True
        return True

    def release(self) -> None:
        """Release the lock and wake the thread that has waited longest."""
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False
        if self._waiters:
            self._waiters.popleft().wake("released")

    def locked(self) -> bool:
        """Return whether a thread holds the lock."""
        return self._locked

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class ThreadHandle:
    """Replaces `_thread._ThreadHandle`."""

    def __init__(self) -> None:
        self.ident = 0
        self._running = Lock()
        self._running.acquire()

    def is_done(self) -> bool:
        """Return whether the thread has ended."""
        return not self._running.locked()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the thread has ended."""
        if self._running.acquire(timeout=-1 if timeout is None else timeout):
            self._running.release()

    def _set_done(self) -> None:
        if self._running.locked():
            self._running.release()


def sleep(seconds: float) -> None:
    """Replace `time.sleep`."""
    scheduler.wait(deque(), seconds)


def collect_garbage(generation: int = 2) -> int:
    """Replace `gc.collect`, which must not run while a stack is suspended."""
    return gc_collect(generation) if len(scheduler.threads) == 1 else 0


def run_in_executor(loop: Any, executor: Any, function: Callable[..., Any], *args: Any) -> Any:
    """Replace the loop's method: without JSPI the event loop makes the call itself."""
    if can_run_sync():
        return run_in_thread(loop, executor, function, *args)
    future = loop.create_future()
    scheduler.inline = True
    try:
        future.set_result(function(*args))
    except Exception as error:
        future.set_exception(error)
    finally:
        scheduler.inline = False
    return future


scheduler = Scheduler()
gc_collect = gc.collect
pyodide_policy = events._event_loop_policy  # type: ignore[attr-defined]
run_in_thread = base_events.BaseEventLoop.run_in_executor


def install() -> None:
    """Make `threading`, and what is built on it, use this module; modules that copy its names come later."""
    for module in (_thread, threading):
        module.get_ident = lambda: scheduler.current  # type: ignore[attr-defined]
    _thread.allocate_lock = threading._allocate_lock = threading.Lock = Lock  # type: ignore
    threading._CRLock = None  # type: ignore[attr-defined]  # the RLock written in Python uses Lock
    threading.local = _threading_local.local  # type: ignore[assignment]
    threading._ThreadHandle = ThreadHandle  # type: ignore[attr-defined]
    threading._start_joinable_thread = scheduler.start_thread  # type: ignore[attr-defined]
    queue.SimpleQueue = queue._PySimpleQueue  # type: ignore
    time.sleep = sleep  # type: ignore[assignment]
    base_events.BaseEventLoop.run_in_executor = run_in_executor  # type: ignore[assignment]
    gc.disable()
    gc.enable, gc.collect = lambda: None, collect_garbage
