"""Proofs for the page asyncio/threads."""

import asyncio
import os
import queue
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any
from unittest.mock import patch

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.asyncio.threads import (
    at_exit,
    both_ways,
    context_variables,
    deadlock,
    dies,
    hand_over,
    node,
    shared_dict,
    survives,
)
from snippets.recreation import main, utils
from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, serving

CALLS = ["put_nowait", "Event.set", "Task.cancel", "loop.call_soon"]
INHERITS = getattr(sys.flags, "thread_inherit_context", False)


class Listening(selectors.SelectSelector):
    """A selector that tells when its loop goes to sleep, and notes what wakes it."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = threading.Event()
        self.woken_by: list[object] = []
        self.naps: list[float] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Note how long it took, and the files that are ready."""
        if timeout != 0:
            self.asleep.set()
        start = time.monotonic()
        ready = super().select(timeout)
        self.naps.append(time.monotonic() - start)
        self.woken_by += [key.fileobj for key, _ in ready]
        return ready


Case = tuple[Callable[[], object], asyncio.Task[object]]


def build_cases() -> dict[str, Case]:
    """Return calls, each with the task that it should end."""
    loop, create = asyncio.get_running_loop(), asyncio.create_task
    items: asyncio.Queue[object] = asyncio.Queue()
    event, later = asyncio.Event(), asyncio.Event()
    forever: asyncio.Task[object] = create(asyncio.Event().wait())
    return {
        "put_nowait": (lambda: items.put_nowait(1), create(items.get())),
        "Event.set": (event.set, create(event.wait())),
        "Task.cancel": (forever.cancel, forever),
        "loop.call_soon": (lambda: loop.call_soon(later.set), create(later.wait())),
    }


@pytest.fixture
async def worker() -> both_ways.Worker:
    """Return a worker whose thread is yet to be started."""
    return both_ways.Worker(asyncio.get_running_loop())


async def test_jobs_go_one_way_and_news_the_other(worker: both_ways.Worker) -> None:
    """Jobs go into the thread by a `queue.Queue`; news come to the loop's thread, made in the worker's.

    作业经由 `queue.Queue` 进入线程；消息在工作线程里产生，到循环所在的线程里取出。
    """
    threading.Thread(target=worker.work, name="worker", daemon=True).start()
    worker.jobs.put("cat.png")
    worker.jobs.put(None)
    async with asyncio.timeout(10):
        news = [await worker.reports.get() for _ in range(2)]
    assert news == [("worker", "cat.png begins"), ("worker", "cat.png ends")]
    assert (type(worker.jobs), type(worker.reports)) == (queue.Queue, asyncio.Queue)


async def test_news_arrive_in_order(worker: both_ways.Worker) -> None:
    """What one thread sends with `call_soon_threadsafe` arrives in the order of sending, in the loop's own thread.

    一个线程用 `call_soon_threadsafe` 送来的东西，按送出的顺序到达，在循环自己的线程里执行。
    """  # noqa: E501
    threads: set[int] = set()
    jobs = [f"job {number}" for number in range(1000)]
    for job in [*jobs, None]:
        worker.jobs.put(job)
    put = worker.reports.put_nowait

    def noted(item: both_ways.Report) -> None:
        threads.add(threading.get_ident())
        put(item)

    worker.reports.put_nowait = noted  # type: ignore[method-assign]
    threading.Thread(target=worker.work, daemon=True).start()
    async with asyncio.timeout(10):
        news = [(await worker.reports.get())[1] for _ in range(2000)]
    assert threads == {threading.get_ident()}
    assert news == [f"{job} {end}" for job in jobs for end in ("begins", "ends")]


def call_while_asleep(name: str, safe: bool, then: str = "byte") -> tuple[int, bool]:
    """Call from a thread while the loop sleeps; afterwards let something else wake the loop.

    Return how often the loop was woken by the call itself, and whether the task ended in the end.
    """
    selector, (ours, theirs) = Listening(), socket.socketpair()

    async def sleep_and_wake() -> bool:
        loop = asyncio.get_running_loop()
        call, task = build_cases()[name]
        woken: asyncio.Future[None] = loop.create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        loop.add_reader(ours, wake)
        await asyncio.sleep(0)  # the tasks begin, and wait
        if then == "timer":
            loop.call_later(0.2, wake)
        selector.asleep.clear()

        def work() -> None:
            assert selector.asleep.wait(10)
            if safe:
                loop.call_soon_threadsafe(call)
            else:
                call()
            if then == "byte":
                theirs.send(b"x")

        thread = threading.Thread(target=work)
        thread.start()
        await woken
        thread.join()
        ended, _ = await asyncio.wait([task], timeout=10)
        return bool(ended)

    with ours, theirs:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            ended = runner.run(sleep_and_wake())
        return len([file for file in selector.woken_by if file is not ours]), ended


async def test_queue_updated_is_called_from_both_threads() -> None:
    """For one prompt `queue_updated` is called by a handler, in the loop's thread, and twice by the worker; each time it hands its message over with `call_soon_threadsafe`.

    执行一个 prompt，`queue_updated` 由处理函数在循环的线程里调用一次，由工作线程调用两次，每次都用 `call_soon_threadsafe` 交出消息。
    """  # noqa: E501
    callers, handed, third = list[bool](), list[bool](), threading.Event()

    class Watched(PromptServer):
        def queue_updated(self) -> None:
            callers.append(threading.current_thread() is threading.main_thread())
            safe = self.loop.call_soon_threadsafe
            with patch.object(self.loop, "call_soon_threadsafe", side_effect=safe) as called:
                super().queue_updated()
            handed.append(self.messages.put_nowait in [call.args[0] for call in called.mock_calls])
            if len(callers) == 3:
                third.set()

    async with serving(server_class=Watched) as (_, client, *_):
        assert (await client.post("/prompt", json={"prompt": SMALL_PROMPT})).status == 200
        assert await asyncio.to_thread(third.wait, 10)
    assert callers == [True, False, False]
    assert handed == [True] * 3


async def test_send_sync_gives_no_answer() -> None:
    """`send_sync` makes one call, `call_soon_threadsafe`; it returns None for an unsendable message too.

    `send_sync` 只调用一次 `call_soon_threadsafe`；发不出去的消息，它也返回 None。
    """
    calls: list[tuple[Any, ...]] = []

    class Loop:
        def call_soon_threadsafe(self, *args: Any) -> None:
            calls.append(args)

    server = PromptServer(asyncio.get_running_loop())
    server.loop = Loop()  # type: ignore[assignment]
    unsendable = {1, 2}
    assert server.send_sync("news", unsendable) is None  # type: ignore[func-returns-value]
    assert calls == [(server.messages.put_nowait, ("news", unsendable, None))]
    assert server.messages.empty()
    [(call, message)] = calls
    call(message)
    assert isinstance(server.messages, asyncio.Queue)
    assert server.messages.get_nowait() == message


async def test_the_progress_hook_makes_a_new_dict_each_time() -> None:
    """Three reports of progress, made while the loop is busy, arrive as 1, 2 and 3.

    循环正忙时报告三次进度，收到的是 1、2、3。
    """
    server = PromptServer(asyncio.get_running_loop())
    main.hijack_progress(server)
    (hook,) = utils.hooks
    thread = threading.Thread(target=lambda: [hook(value, 3, None) for value in (1, 2, 3)])
    thread.start()
    thread.join()  # the loop is busy until then
    assert [(await server.messages.get())[1]["value"] for _ in range(3)] == [1, 2, 3]


def fill(target: socket.socket) -> None:
    """Send until no more goes in."""
    target.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            target.send(bytes(65536))


def drain(source: socket.socket) -> None:
    """Receive until nothing more comes."""
    source.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            source.recv(2**20)


@pytest.mark.parametrize("by", ["socket", "socket to write to", "pipe", "timer", "wake-up socket"])
def test_the_loop_sleeps_until_a_socket_a_timer_or_its_own_wake_up(by: str) -> None:
    """With nothing to do the loop sleeps in one `select`; a ready socket or pipe, a timer or its wake-up socket ends that.

    没有事做，循环就在一次 `select` 里休眠；套接字或管道就绪、定时器到期、它自己用来唤醒的套接字，都会结束休眠。
    """  # noqa: E501
    selector, (ours, theirs), pipe = Listening(), socket.socketpair(), os.pipe()
    watched = pipe[0] if by == "pipe" else ours

    async def sleep() -> list[object]:
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[object] = loop.create_future()

        def room() -> None:
            loop.remove_writer(ours)
            woken.set_result(None)

        if by == "socket to write to":
            fill(ours)
            loop.add_writer(ours, room)

        def read() -> bytes:
            return os.read(pipe[0], 1) if by == "pipe" else ours.recv(1)

        loop.add_reader(watched, lambda: woken.set_result(read()))
        await asyncio.sleep(0)
        selector.woken_by.clear()
        selector.naps.clear()
        if by == "timer":
            loop.call_later(1, woken.set_result, None)

        def wake() -> None:
            if by == "socket":
                theirs.send(b"x")
            elif by == "socket to write to":
                drain(theirs)
            elif by == "pipe":
                os.write(pipe[1], b"x")
            elif by == "wake-up socket":
                loop.call_soon_threadsafe(woken.set_result, None)

        thread = threading.Timer(1, wake)
        thread.start()
        await woken
        thread.join()
        return selector.woken_by

    with ours, theirs, os.fdopen(pipe[0]), os.fdopen(pipe[1], "w"):
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            woken_by = runner.run(sleep())
        assert selector.naps[0] > 0.5  # it slept all the time, in one call
        expected = {"timer": [], "wake-up socket": [False]}.get(by, [True])
        assert [file is watched for file in woken_by] == expected


@pytest.mark.parametrize("name", CALLS)
def test_calls_from_a_thread_wake_nobody(name: str) -> None:
    """From a thread `put_nowait`, `Event.set`, `Task.cancel` and `loop.call_soon` do not wake the loop.

    从线程里调用 `put_nowait`、`Event.set`、`Task.cancel`、`loop.call_soon`，都不能唤醒循环。
    """
    assert call_while_asleep(name, safe=False) == (0, True)
    assert call_while_asleep(name, safe=True) == (1, True)


@pytest.mark.parametrize("name", CALLS)
async def test_call_soon_threadsafe_makes_each_call_safe(name: str) -> None:
    """Handed to `call_soon_threadsafe`, each of these calls is made at once.

    把这些调用交给 `call_soon_threadsafe`，都立刻生效。
    """
    loop, (call, task), ended = asyncio.get_running_loop(), build_cases()[name], threading.Event()
    task.add_done_callback(lambda _: ended.set())

    def work() -> bool:
        time.sleep(0.1)  # by now the loop sleeps, too
        loop.call_soon_threadsafe(call)
        return ended.wait(10)

    assert await asyncio.to_thread(work)


@pytest.mark.parametrize("what", ["threading.Event", "queue.Queue"])
async def test_waiting_on_what_is_made_for_threads_blocks_the_loop(what: str) -> None:
    """While a coroutine waits on a `threading.Event` or a `queue.Queue`, the event loop runs nothing else.

    协程等待 `threading.Event` 或 `queue.Queue` 的时候，事件循环不执行别的。
    """
    event, items, ran = threading.Event(), queue.Queue[str](), list[str]()
    asyncio.get_running_loop().call_soon(ran.append, "callback")
    thread = threading.Timer(0.2, event.set if what == "threading.Event" else lambda: items.put("item"))
    thread.start()
    assert event.wait(10) if what == "threading.Event" else items.get(timeout=10)
    assert ran == []
    await asyncio.sleep(0)
    assert ran == ["callback"]


@pytest.mark.parametrize("then", ["byte", "timer"])
def test_the_next_wake_up_hides_the_mistake(then: str) -> None:
    """An item put in by a thread is delivered once a socket or a timer wakes the loop.

    线程直接放进队列的东西，等到套接字或定时器唤醒循环，就会送到。
    """
    assert call_while_asleep("put_nowait", safe=False, then=then) == (0, True)


@pytest.mark.parametrize("name", CALLS)
async def test_in_the_loops_own_thread_each_call_works(name: str) -> None:
    """Made in the loop's own thread, each of the four calls ends its task, and so it does by `call_soon_threadsafe`; `run_coroutine_threadsafe` works there too, `result()` does not.

    From another thread these three all work, and the four calls wake nobody.

    在循环自己的线程里，四种调用都能让各自的任务结束，通过 `call_soon_threadsafe` 也一样；`run_coroutine_threadsafe` 在那里也能用，`result()` 不能。
    从别的线程调用，这三种都能用；那四种调用唤醒不了循环。
    """  # noqa: E501
    loop, threadsafe = asyncio.get_running_loop(), asyncio.run_coroutine_threadsafe
    assert list(build_cases()) == CALLS
    assert await asyncio.to_thread(call_while_asleep, name, safe=False) == (0, True)
    for make in (lambda call: call(), loop.call_soon_threadsafe):
        call, task = build_cases()[name]
        await asyncio.sleep(0)
        make(call)
        ended, _ = await asyncio.wait([task], timeout=10)
        assert ended == {task}
    future = threadsafe(hand_over.double(4), loop)
    with pytest.raises(TimeoutError):
        future.result(0.1)
    assert await asyncio.wrap_future(future) == 8
    assert await asyncio.to_thread(hand_over.work, loop, items := asyncio.Queue[str]()) == 42
    assert await items.get() == "from the thread"


async def test_a_thread_gets_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """`run_coroutine_threadsafe` runs a coroutine in the loop's thread; the asking thread gets the result from a `concurrent.futures.Future`.

    A call handed over runs in the loop's thread too.

    `run_coroutine_threadsafe` 让协程在循环的线程里执行，发问的线程从 `concurrent.futures.Future` 拿到结果；交过去的调用也在循环的线程里执行。
    """  # noqa: E501
    loop, ran, double = asyncio.get_running_loop(), list[tuple[str, int]](), hand_over.double

    class Noting(asyncio.Queue[str]):
        def put_nowait(self, item: str) -> None:
            ran.append(("put_nowait", threading.get_ident()))
            super().put_nowait(item)

    async def noting(number: int) -> int:
        ran.append(("double", threading.get_ident()))
        return await double(number)

    def ask() -> int:
        future = asyncio.run_coroutine_threadsafe(noting(4), loop)
        assert isinstance(future, Future)
        return future.result(10)

    monkeypatch.setattr(hand_over, "double", noting)
    items = Noting()
    assert await asyncio.to_thread(hand_over.work, loop, items) == 42
    assert items.get_nowait() == "from the thread"
    assert await asyncio.to_thread(ask) == 8
    here = threading.get_ident()
    assert ran == [("put_nowait", here), ("double", here), ("double", here)]


async def test_a_thread_gets_the_exception() -> None:
    """What the coroutine raises comes up in the asking thread.

    协程抛的异常，在发问的线程里抛出。
    """

    async def divide(number: int) -> float:
        return 1 / number

    def ask(number: int) -> float:
        return asyncio.run_coroutine_threadsafe(divide(number), loop).result(10)

    loop = asyncio.get_running_loop()
    assert await asyncio.to_thread(ask, 2) == 0.5
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(ask, 0)


async def test_cancelling_the_future_cancels_the_task() -> None:
    """Cancel what `run_coroutine_threadsafe` returned, and the coroutine gets the cancellation in the loop.

    The future counts as cancelled at once, even if the coroutine catches that. If only `result()` runs out of time, the coroutine gets none.

    取消 `run_coroutine_threadsafe` 返回的 future，循环里的协程就收到取消。
    future 马上算作已取消，协程捕获了这个取消也一样。如果只是 `result()` 超时，协程收不到取消。
    """  # noqa: E501
    ended: asyncio.Queue[str] = asyncio.Queue()

    async def wait() -> None:
        ended.put_nowait("began")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.put_nowait("cancelled")
            raise

    future = asyncio.run_coroutine_threadsafe(wait(), asyncio.get_running_loop())
    assert await asyncio.wait_for(ended.get(), 10) == "began"
    assert not future.done()
    with pytest.raises(TimeoutError):
        await asyncio.to_thread(future.result, 0.2)
    assert not future.done()
    assert ended.empty()
    await asyncio.to_thread(future.cancel)
    assert await asyncio.wait_for(ended.get(), 10) == "cancelled"

    async def catch() -> None:
        with suppress(asyncio.CancelledError):
            await wait()
        await asyncio.sleep(0)
        ended.put_nowait("went on")

    future = asyncio.run_coroutine_threadsafe(catch(), asyncio.get_running_loop())
    assert await asyncio.wait_for(ended.get(), 10) == "began"
    assert await asyncio.to_thread(future.cancel)
    assert future.cancelled()
    assert [await asyncio.wait_for(ended.get(), 10) for _ in range(2)] == ["cancelled", "went on"]


async def test_whoever_waits_in_the_loops_own_thread_waits_in_vain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`result()` in the loop's own thread runs out of time, since the loop cannot turn meanwhile; once done it returns.

    在循环自己的线程里调用 `result()`，等到超时也没有结果，因为循环这时转不了；future 完成以后就有结果。
    """  # noqa: E501
    await deadlock.main()
    assert capsys.readouterr().out == "in the loop's own thread: TimeoutError\nonce it is free: 42\n"
    future = asyncio.run_coroutine_threadsafe(deadlock.answer(), asyncio.get_running_loop())
    with pytest.raises(TimeoutError):
        future.result(timeout=0.2)
    assert not future.done()
    assert await asyncio.wrap_future(future) == 42
    assert future.result(timeout=0) == 42


@pytest.mark.parametrize(("copied", "values"), [(False, [3, 3, 3]), (True, [1, 2, 3])])
async def test_a_thread_sends_the_dict_itself(copied: bool, values: list[int]) -> None:
    """A dict changed after it was sent arrives changed; a copy does not.

    发出之后又改的字典，收到的是改过的；发的是副本，就不会。
    """
    assert await shared_dict.receive(copied) == values


async def test_to_thread_carries_the_context_over() -> None:
    """`asyncio.to_thread` runs its function in a copy of the caller's context.

    `asyncio.to_thread` 让函数在调用者上下文的副本里执行。
    """
    context_variables.CLIENT.set("loop")
    assert await context_variables.to_thread() == "loop"
    await asyncio.to_thread(context_variables.CLIENT.set, "changed")
    assert context_variables.CLIENT.get() == "loop"


@pytest.mark.skipif(INHERITS, reason="here every new thread inherits the context")
async def test_a_bare_thread_knows_nothing() -> None:
    """`run_in_executor` and `threading.Thread` start without the caller's context variables; with `copy_context` both have them.

    `run_in_executor` 和 `threading.Thread` 都看不到调用者的上下文变量；用了 `copy_context` 都能看到。
    """  # noqa: E501
    context_variables.CLIENT.set("loop")
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(context_variables.CLIENT.get()))
    thread.start()
    thread.join()
    assert [await context_variables.executor(), *seen] == ["nobody", "nobody"]
    assert await context_variables.by_hand() == "loop"
    thread = threading.Thread(
        target=copy_context().run, args=(lambda: seen.append(context_variables.CLIENT.get()),)
    )
    thread.start()
    thread.join()
    assert seen[-1] == "loop"


async def test_a_dead_worker_goes_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the worker thread died of one job, the server answers 200 to jobs that are never done.

    工作线程因为一个作业结束，服务器照样返回 200，作业却不再执行。
    """
    died: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: died.append(args.exc_type.__name__))
    app = web.Application()
    app[dies.JOBS] = queue.Queue()
    app.router.add_post("/", dies.post)
    worker = threading.Thread(target=dies.work, args=(app[dies.JOBS],), daemon=True)
    worker.start()
    async with TestClient(TestServer(app)) as client:
        await client.post("/", json=5)
        await asyncio.to_thread(worker.join, 10)
        assert not worker.is_alive()
        for waiting in (1, 2):
            response = await client.post("/", json={})
            assert (response.status, await response.text()) == (200, f"{waiting} waiting")
    assert died == ["TypeError"]


def test_a_dying_thread_prints_a_traceback() -> None:
    """Without a hook of one's own the thread's traceback goes to stderr, and the program goes on.

    没有自己的钩子，线程的 traceback 打印到 stderr，程序继续执行。
    """
    code = (
        "import asyncio, threading\n"
        "from snippets.asyncio.threads import dies\n"
        "dies.print_name = threading.excepthook\n"
        "asyncio.run(dies.main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert "Traceback (most recent call last)" in done.stderr
    assert "TypeError: argument of type 'int' is not" in done.stderr
    assert done.stdout.splitlines()[-1] == "200 2 waiting"
    assert done.returncode == 0


ENDLESS = """
import os, threading, time
def work():
    threading.main_thread().join()
    os.write(1, b"still at work")
    while True:
        time.sleep(1)
threading.Thread(target=work, daemon={}).start()
"""


TOGETHER = """
import os, threading
def ordinary():
    threading.main_thread().join()
    asked.set()
    assert answered.wait(30)
def daemon():
    try:
        asked.wait()
        os.write(1, b"main thread alive: %d" % threading.main_thread().is_alive())
        answered.set()
        threading.Event().wait()
    finally:
        os.write(1, b"tidied up")
asked, answered = threading.Event(), threading.Event()
threading.Thread(target=daemon, daemon=True).start()
threading.Thread(target=ordinary).start()
"""


def test_a_daemon_thread_ends_without_a_word() -> None:
    """The program waits for an ordinary thread; only then a daemon thread ends where it is, without its `finally`.

    程序会等普通线程执行完，这时守护线程还在执行；之后守护线程停止，`finally` 也不执行。
    """  # noqa: E501
    assert at_exit.run(daemon=False) == "begins, ends, tidied up"
    assert at_exit.run(daemon=True) == "begins"
    command = [sys.executable, "-c", TOGETHER]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stdout) == (0, "main thread alive: 0")
    for daemon in (False, True):  # with an endless loop, as that of `prompt_worker`
        command = [sys.executable, "-c", ENDLESS.format(daemon)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            try:
                if daemon:
                    assert child.wait(30) == 0
                else:
                    assert child.stdout
                    assert child.stdout.read(13) == b"still at work"  # and the main thread is not
                    assert child.poll() is None
            finally:
                child.kill()


def test_the_program_waits_for_to_thread() -> None:
    """A thread of `to_thread` outlives a time limit, and the program waits for it to end.

    `to_thread` 的线程不受时限约束，程序会等它做完才退出。
    """
    code = (
        "import asyncio, threading, time\n"
        "begun, late = threading.Event(), threading.Event()\n"
        "def work():\n"
        "    print('daemon:', threading.current_thread().daemon)\n"
        "    begun.set()\n"
        "    late.wait()\n"
        "    time.sleep(0.5)\n"
        "    print('done')\n"
        "async def main():\n"
        "    working = asyncio.create_task(asyncio.to_thread(work))\n"
        "    await asyncio.to_thread(begun.wait)\n"
        "    try:\n"
        "        await asyncio.wait_for(working, 0.1)\n"
        "    except TimeoutError:\n"
        "        print('TimeoutError')\n"
        "    late.set()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["daemon: False", "TimeoutError", "done"]
    assert done.returncode == 0


async def test_a_loop_in_the_worker_is_another_loop() -> None:
    """Called inside `asyncio.run` in a worker thread, `send_sync` still sends to the first loop.

    在工作线程的 `asyncio.run` 里调用 `send_sync`，消息还是送到原来的循环。
    """
    first = asyncio.get_running_loop()
    server = PromptServer(first)

    async def node() -> None:
        server.send_sync("news", asyncio.get_running_loop() is first)
        for _ in range(10):
            await asyncio.sleep(0)  # the second loop turns, and delivers nothing
        server.send_sync("news", server.messages.qsize())

    def work() -> None:
        asyncio.run(node())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()  # the first loop is busy until then
    assert [(await server.messages.get())[1] for _ in range(2)] == [False, 0]


async def test_a_worker_with_a_try_outlives_a_bad_job() -> None:
    """With a `try` around each job the worker reports the failure and takes the next job.

    每个作业用 `try` 包住，工作线程报告失败，继续做下一个。
    """
    jobs, reports = survives.Jobs(), list[str]()
    jobs.put(5)
    jobs.put({})
    jobs.put(None)
    worker = threading.Thread(target=survives.work, args=(jobs, survives.look, reports.append))
    worker.start()
    await asyncio.to_thread(worker.join, 10)
    assert reports == ["failed: TypeError", "has a client: False"]

    def fail(kind: type[Exception]) -> str:
        raise kind

    reports.clear()
    for kind in (Exception, KeyError, RuntimeError, None):
        jobs.put(kind)
    worker = threading.Thread(target=survives.work, args=(jobs, fail, reports.append))
    worker.start()
    await asyncio.to_thread(worker.join, 10)
    assert reports == ["failed: Exception", "failed: KeyError", "failed: RuntimeError"]


async def test_a_job_that_exits_ends_a_worker_with_a_try(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A job that calls `sys.exit()` ends the worker in spite of its `try`, with no report and no traceback.

    作业里调用 `sys.exit()`，有 `try` 的工作线程也会结束，没有报告，也没有 traceback。
    """
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)  # Python's own, not pytest's
    jobs, reports = survives.Jobs(), list[str]()
    todo: list[Any] = [{}, 5, {}, None]
    for job in todo:
        jobs.put(job)

    def do(job: Any) -> str:
        return sys.exit() if job == 5 else "done"

    worker = threading.Thread(target=survives.work, args=(jobs, do, reports.append))
    worker.start()
    await asyncio.to_thread(worker.join, 10)
    assert not worker.is_alive()
    assert not issubclass(SystemExit, Exception)
    assert (reports, jobs.qsize(), capsys.readouterr().err) == (["done"], 2, "")


async def test_a_node_reaches_the_servers_loop_from_a_loop_of_the_worker() -> None:
    """In a function called by a loop in a worker thread, `asyncio.run` is refused; a call into `PromptServer.instance.loop` works.

    A coroutine there awaits the same call with `asyncio.wrap_future`; `result()` would block the worker's event loop.
    A queue for which the server waits, or has waited, raises there if waited for.

    工作线程的循环里调用的函数，用 `asyncio.run` 会被拒绝；用 `run_coroutine_threadsafe` 交给 `PromptServer.instance.loop` 则可以。
    那里的协程用 `asyncio.wrap_future` 等待同样的调用；`result()` 会阻塞工作线程的循环。服务器正在等待或者等待过的队列，在那里等待就抛异常。
    """  # noqa: E501
    servers = asyncio.get_running_loop()
    PromptServer(servers)

    async def work() -> bool:
        return asyncio.get_running_loop() is servers

    def node() -> list[object]:
        """Try both, as a node's function that is no coroutine."""
        coroutine, found = work(), list[object]()
        try:
            found.append(asyncio.run(coroutine))
        except RuntimeError as error:
            found.append(str(error))
        coroutine.close()
        return [*found, asyncio.run_coroutine_threadsafe(work(), PromptServer.instance.loop).result(10)]

    async def execute() -> list[object]:
        for bound in (items, earlier):
            with pytest.raises(RuntimeError, match="is bound to a different event loop"):
                await bound.get()
        ran = list[str]()
        asyncio.get_running_loop().call_soon(ran.append, "callback")
        future = asyncio.run_coroutine_threadsafe(work(), PromptServer.instance.loop)
        assert future.result(10)
        assert ran == []  # `result()` keeps the worker's event loop from running it
        future = asyncio.run_coroutine_threadsafe(asyncio.sleep(0.1, True), PromptServer.instance.loop)
        assert await asyncio.wrap_future(future)
        assert ran == ["callback"]
        return node()

    items, earlier = asyncio.Queue[int](), asyncio.Queue[int]()
    waiting = asyncio.create_task(items.get())
    servers.call_soon(earlier.put_nowait, 1)
    assert await earlier.get() == 1  # after a wait, which is over
    refused = "asyncio.run() cannot be called from a running event loop"
    assert await asyncio.to_thread(lambda: asyncio.run(execute())) == [refused, True]
    items.put_nowait(1)
    assert await waiting == 1

    assert await asyncio.to_thread(node) == [False, True]  # in a worker without a loop


async def test_a_node_in_the_worker_calls_into_the_servers_loop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The function of a node, in the worker thread, has a coroutine run in the server's event loop, and gets its result.

    节点的函数在工作线程里，让协程在服务器的事件循环里执行，并拿到结果。
    """  # noqa: E501
    servers, found, done = asyncio.get_running_loop(), list[object](), threading.Event()

    async def work() -> bool:
        return asyncio.get_running_loop() is servers

    def call(self: Any, message: str) -> dict[str, Any]:
        found.append(threading.current_thread())
        found.append(asyncio.run_coroutine_threadsafe(work(), PromptServer.instance.loop).result(10))
        done.set()
        return {}

    await node.main()
    assert capsys.readouterr().out.splitlines()[0] == "plain def:   the server's"
    monkeypatch.setattr(fail := NODE_CLASS_MAPPINGS["Fail"], fail.FUNCTION, call)
    async with serving() as (_, client, _, worker, _):
        prompt = {"1": {"class_type": "Fail", "inputs": {"message": "works"}}}
        assert (await client.post("/prompt", json={"prompt": prompt})).status == 200
        assert await asyncio.to_thread(done.wait, 10)
    assert found == [worker, True]


def test_debug_mode_names_the_call_from_the_wrong_thread() -> None:
    """In debug mode `call_soon` raises in another thread, and so does each of the other calls for a task that waits.

    If none waits, the other three raise nothing; without debug mode, or before the loop runs, none does.
    Where `put_nowait` raises, the item is in, but the coroutine that waits is never woken. `-X dev` and `PYTHONASYNCIODEBUG=1` switch debug mode on, for a loop of `new_event_loop` too; the latter not in a Python that ignores the environment.

    调试模式下，从别的线程调用 `call_soon` 会抛异常；另外三种调用，有任务在等待时才抛，没有就不抛。平时，或者循环还没有运行时，都不抛。
    `put_nowait` 抛了异常，数据已经放进去，等待的协程却再也醒不过来。`-X dev` 和 `PYTHONASYNCIODEBUG=1` 打开调试模式，对 `new_event_loop` 造的循环也有效；如果 Python 忽略环境变量，后者无效。
    """  # noqa: E501

    async def call(put: bool) -> None:
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[int]()
        waiting = queue.get()
        waiting.send(None).add_done_callback(lambda _: None)  # as a task does that waits for an item
        try:
            await asyncio.to_thread(lambda: queue.put_nowait(1) if put else loop.call_soon(int))
        finally:
            waiting.close()

    text = "Non-thread-safe operation invoked on an event loop other than the current one"
    for put in (True, False):
        asyncio.run(call(put))
        with pytest.raises(RuntimeError, match=f"^{text}$") as caught:
            asyncio.run(call(put), debug=True)
        assert "call_soon" in [entry.name for entry in caught.traceback]

    async def put_alone() -> int:
        queue = asyncio.Queue[int]()
        await asyncio.to_thread(queue.put_nowait, 1)
        return queue.qsize()

    assert asyncio.run(put_alone(), debug=True) == 1

    async def wakes() -> bool:
        queue, woken = asyncio.Queue[int](), list[object]()
        waiting = queue.get()
        waiting.send(None).add_done_callback(woken.append)
        with suppress(RuntimeError):
            await asyncio.to_thread(queue.put_nowait, 1)
        assert queue.qsize() == 1  # it is in, raised or not
        queue.put_nowait(2)  # in the loop's own thread: too late
        for _ in range(5):
            await asyncio.sleep(0)
        waiting.close()
        return bool(woken)

    assert asyncio.run(wakes())
    assert not asyncio.run(wakes(), debug=True)

    async def raised(waiting: bool) -> list[str]:
        """Return the calls that raise in a thread, made while each task waits or before it begins."""
        cases = build_cases()
        if waiting:
            await asyncio.sleep(0)
        with ThreadPoolExecutor(1) as pool:
            errors = {name: pool.submit(call).exception() for name, (call, _) in cases.items()}
        for _ in range(3):
            await asyncio.sleep(0)
        for _, task in cases.values():
            setattr(task, "_log_destroy_pending", False)  # noqa: B010 - those that never wake
        assert all(str(error) == text for error in errors.values() if error)
        return [name for name, error in errors.items() if error]

    for debug, waiting, expected in ((True, True, CALLS), (True, False, CALLS[-1:]), (False, True, [])):
        loop = asyncio.new_event_loop()
        loop.set_debug(debug)
        with ThreadPoolExecutor(1) as pool:
            early = pool.submit(lambda: loop.call_soon(int))  # noqa: B023
        assert early.exception() is None  # the loop does not run yet
        assert loop.run_until_complete(raised(waiting)) == expected
        loop.close()
    code = "import asyncio; loop = asyncio.new_event_loop(); print(loop.get_debug()); loop.close()"
    for setting, options, debug in (
        ("1", [], True),
        ("", [], False),
        ("1", ["-E"], False),  # ignores the environment
        ("", ["-X", "dev"], True),
        ("", ["-E", "-X", "dev"], True),
    ):
        environment = os.environ | {"PYTHONASYNCIODEBUG": setting}
        command = [sys.executable, *options, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.stdout == f"{debug}\n"
