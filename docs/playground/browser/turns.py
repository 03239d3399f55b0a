"""Threads that take turns, for a browser's page, where all of Python has one thread.

A thread that waits, for a lock or for time to pass, lends its turn to the others. Each has a stack of its
own, which the browser puts aside and brings back (JSPI, JavaScript Promise Integration). A browser that
cannot do that runs what needs no second thread. `install()` puts these in the place of what `threading`
stands on.
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

import page  # what the page's worker gives: slip(), start(), block()
from pyodide.ffi import can_run_sync, create_proxy, run_sync

CANNOT = "this browser cannot run a second thread: it lacks JSPI (JavaScript Promise Integration)"
PATIENCE = 100  # turns that a thread has to end


class Deadlock(KeyboardInterrupt):  # which no handler takes for its own error, and asyncio lets pass
    """Every thread waits, and nothing is left to wake one."""


class Ended(SystemExit):  # which `threading` does not report
    """The program is over; a thread that it left behind ends where it waits."""


class Ticket:
    """One wait of one thread."""

    def __init__(self, seconds: float | None) -> None:
        self.for_ever = seconds is None
        self.slip = page.slip(None if seconds is None else seconds * 1000)

    def wake(self, how: str) -> None:
        """End the wait; the thread goes on when its turn comes."""
        self.for_ever = False
        self.slip.end(how)


class Turn:
    """Whose turn it is, and who waits."""

    def __init__(self) -> None:
        self.main = self.current = _thread.get_ident()
        self.idents = itertools.count(self.main + 1)
        self.threads = {self.main}
        self.tickets: dict[int, Ticket] = {}  # by thread
        self.over = False
        self.at_once = False  # a call runs that was meant for another thread

    def wait(self, waiting: deque[Ticket], seconds: float | None) -> None:
        """Lend the turn until somebody wakes the ticket put into `waiting`, or the time is over.

        Raises:
            Deadlock: nobody can wake this thread any more.
            Ended: the program is over.
            RuntimeError: another thread should wait, and the browser cannot run one.
        """
        if seconds == 0 and len(self.threads) == 1:
            return
        if not can_run_sync():
            if self.at_once:
                raise RuntimeError(CANNOT)
            if seconds is None:
                raise Deadlock
            page.block(seconds * 1000)
            return
        me = self.current
        ticket = self.tickets[me] = Ticket(seconds)
        waiting.append(ticket)
        self.look_for_deadlock()
        try:
            with asyncio_of_the_page():
                how = run_sync(ticket.slip.ended)
        finally:
            self.current = me
            del self.tickets[me]
            if ticket in waiting:
                waiting.remove(ticket)
        if how == "deadlock":
            self.end()
            raise Deadlock
        if self.over and me != self.main:
            raise Ended

    def look_for_deadlock(self) -> None:
        """Tell the main thread when all threads wait for each other."""
        waits = [self.tickets.get(thread) for thread in self.threads]
        if all(ticket and ticket.for_ever for ticket in waits):
            self.tickets[self.main].wake("deadlock")

    def start(self, function: Callable[[], object], handle: "Handle", daemon: bool = True) -> None:
        """Stand in for `_thread.start_joinable_thread`.

        Raises:
            RuntimeError: the browser has one stack only.
        """
        if not can_run_sync():
            raise RuntimeError(CANNOT)
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
                self.look_for_deadlock()

        page.start(create_proxy(run))

    def end(self) -> None:
        """End every thread that the program has left behind; nobody hears what it still says."""
        disabled = logging.root.manager.disable
        logging.disable()
        self.over = True
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            for _ in range(PATIENCE):
                for ident in self.threads & self.tickets.keys():
                    self.tickets[ident].wake("over")
                self.wait(deque(), 0)
            collect()
        self.over = False
        logging.disable(disabled)


@contextmanager
def asyncio_of_the_page() -> Iterator[None]:
    """Hide a program's loops from Pyodide, which asks for its own when it changes stacks."""
    running, policy = asyncio._get_running_loop(), events._event_loop_policy  # type: ignore[attr-defined]
    asyncio._set_running_loop(None)
    events._event_loop_policy = pyodides_policy  # type: ignore[attr-defined]
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
        events._event_loop_policy = policy  # type: ignore[attr-defined]


class Lock:
    """Stands in for `_thread.lock`."""

    def __init__(self) -> None:
        self._locked = False
        self._waiting = deque[Ticket]()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; wait for it if asked to."""
        until = None if timeout < 0 else time.monotonic() + timeout
        while self._locked:
            left = None if until is None else until - time.monotonic()
            if not blocking or (left is not None and left <= 0):
                return False
            turn.wait(self._waiting, left)
        self._locked = True
        return True

    def release(self) -> None:
        """Give the lock back, and wake the first who waits for it."""
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False
        if self._waiting:
            self._waiting.popleft().wake("woken")

    def locked(self) -> bool:
        """Tell whether somebody has it."""
        return self._locked

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Handle:
    """Stands in for `_thread._ThreadHandle`."""

    def __init__(self) -> None:
        self.ident = 0
        self._running = Lock()
        self._running.acquire()

    def is_done(self) -> bool:
        """Tell whether the thread has ended."""
        return not self._running.locked()

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        if self._running.acquire(timeout=-1 if timeout is None else timeout):
            self._running.release()

    def _set_done(self) -> None:
        if self._running.locked():
            self._running.release()


def sleep(seconds: float) -> None:
    """Stand in for `time.sleep`."""
    turn.wait(deque(), seconds)


def collect(generation: int = 2) -> int:
    """Stand in for `gc.collect`, which must not walk a stack that is put aside."""
    return gc_collect(generation) if len(turn.threads) == 1 else 0


def run_in_executor(loop: Any, executor: Any, function: Callable[..., Any], *args: Any) -> Any:
    """Stand in for the loop's method: where no thread can run a call, the loop does, unless it waits."""
    if can_run_sync():
        return run_in_thread(loop, executor, function, *args)
    future = loop.create_future()
    turn.at_once = True
    try:
        future.set_result(function(*args))
    except Exception as error:
        future.set_exception(error)
    finally:
        turn.at_once = False
    return future


turn = Turn()
gc_collect = gc.collect
pyodides_policy = events._event_loop_policy  # type: ignore[attr-defined]
run_in_thread = base_events.BaseEventLoop.run_in_executor


def install() -> None:
    """Let `threading`, and all that stands on it, use these."""
    for module in (_thread, threading):
        module.get_ident = lambda: turn.current  # type: ignore[attr-defined]
    _thread.allocate_lock = threading._allocate_lock = threading.Lock = Lock  # type: ignore
    threading._CRLock = None  # type: ignore[attr-defined]  # the one in Python stands on Lock
    threading.local = _threading_local.local  # type: ignore[assignment]
    threading._ThreadHandle = Handle  # type: ignore[attr-defined]
    threading._start_joinable_thread = turn.start  # type: ignore[attr-defined]
    queue.SimpleQueue = queue._PySimpleQueue  # type: ignore
    time.sleep = sleep  # type: ignore[assignment]
    base_events.BaseEventLoop.run_in_executor = run_in_executor  # type: ignore[assignment]
    gc.disable()
    gc.enable, gc.collect = lambda: None, collect
