"""Proofs for the page asyncio/event-loop."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from snippets.asyncio.event_loop import across_threads, counter, inside, run_twice, spin, turns, yields


@pytest.mark.statement("S18")
async def test_without_a_wait_one_coroutine_finishes_before_the_next() -> None:
    """Two gathered coroutines that await only what never waits run one after the other.

    两个协程一起 gather，await 的东西都不等待：一个做完才轮到下一个。
    """
    assert await count_together(turns.ready) == ["a0", "a1", "a2", "b0", "b1", "b2"]


@pytest.mark.statement("S18")
async def test_with_sleep_zero_two_coroutines_take_turns() -> None:
    """Two gathered coroutines that await `asyncio.sleep(0)` take turns, in the order of their start.

    两个协程每一步都 await `asyncio.sleep(0)`，就按启动的先后轮流执行。
    """
    assert await count_together(turns.give_way) == ["a0", "b0", "a1", "b1", "a2", "b2"]


async def count_together(pause: Callable[[], Coroutine[Any, Any, None]]) -> list[str]:
    """Let two coroutines count with an await after each number; return what they logged."""
    log: list[str] = []
    await asyncio.gather(turns.count("a", pause, log), turns.count("b", pause, log))
    return log


@pytest.mark.statement("S17", "S18")
async def test_an_await_that_need_not_wait_runs_on() -> None:
    """A coroutine without a wait, a finished future, a queue with room or items, a free lock: none gives way.

    不等待的协程、完成的 future、有空位或有货的队列、没人占的锁：await 它们都不让出。
    """
    assert [name for name, wait in yields.waits() if not await yields.gives_way(wait)] == [
        "coroutine without a wait",
        "finished future",
        "put into a queue with room",
        "get from a queue with items",
        "lock that is free",
    ]


@pytest.mark.statement("S17", "S18")
async def test_an_await_that_must_wait_gives_way() -> None:
    """An empty queue, a taken lock, a new task and `asyncio.sleep(0)` give way.

    空队列、被占的锁、新任务、`asyncio.sleep(0)`：await 它们就会让出。
    """
    assert [name for name, wait in yields.waits() if await yields.gives_way(wait)] == [
        "get from an empty queue",
        "lock that is taken",
        "new task",
        "asyncio.sleep(0)",
    ]


@pytest.mark.statement("S18")
@pytest.mark.parametrize("main", [turns.main, yields.main, counter.main])
async def test_giving_way_takes_no_timer(
    main: Callable[[], Coroutine[Any, Any, None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To give way with `asyncio.sleep(0)` sets no timer: the coroutine is ready again at the next turn.

    用 `asyncio.sleep(0)` 让出不设定时器：下一轮协程就又能执行。
    """

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a timer was set")

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.get_running_loop(), "call_at", refuse)
        await main()
        with pytest.raises(AssertionError, match="a timer was set"):
            await asyncio.sleep(0.001)


@pytest.mark.statement("S19")
def test_a_loop_runs_only_while_something_is_run() -> None:
    """`asyncio.get_running_loop()` raises RuntimeError outside, and returns the loop inside.

    在事件循环外面，`asyncio.get_running_loop()` 抛 RuntimeError；在里面，返回这个循环。
    """

    async def inner() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    with asyncio.Runner() as runner:
        assert runner.run(inner()) is runner.get_loop()


@pytest.mark.statement("S19")
async def test_one_loop_runs_callbacks_timers_tasks_and_sockets() -> None:
    """One loop, in one thread, runs a callback, a task, a ready socket's reader and a timer.

    回调、任务、可读的套接字、定时器，都由同一个循环在同一个线程里执行。
    """
    loop, log = asyncio.get_running_loop(), list[tuple[str, int]]()

    def note(name: str) -> None:
        log.append((name, threading.get_ident()))

    async def task(name: str) -> None:
        note(name)

    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        loop.call_later(0.2, note, "timer")
        loop.call_soon(note, "callback")
        work = asyncio.create_task(task("task"))
        theirs.send(b"x")
        await loop.sock_recv(ours, 1)
        note("socket")
        await work
        await asyncio.sleep(0.3)
    assert sorted(name for name, _ in log) == ["callback", "socket", "task", "timer"]
    assert {thread for _, thread in log} == {threading.get_ident()}


@pytest.mark.statement("S19")
def test_each_thread_can_run_a_loop_of_its_own() -> None:
    """Two threads run two loops at the same time.

    两个线程可以同时各跑一个循环。
    """
    loops, both = list[asyncio.AbstractEventLoop](), threading.Barrier(2, timeout=10)

    async def meet() -> None:
        loops.append(asyncio.get_running_loop())
        both.wait()

    threads = [threading.Thread(target=lambda: asyncio.run(meet())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both.broken
    assert len(set(loops)) == 2


@pytest.mark.statement("S20")
async def test_a_long_computation_stops_the_loop_unless_sliced() -> None:
    """A busy coroutine without a wait keeps a ticker from running; `sleep(0)` in between lets it run.

    协程一直算、从不等待，旁边的计时器就停摆；中间插 `sleep(0)`，它就能走。
    """

    async def busy(seconds: float, slices: int) -> None:
        for _ in range(slices):
            end = time.perf_counter() + seconds / slices
            while time.perf_counter() < end:
                pass
            await asyncio.sleep(0)

    async def longest_gap(slices: int) -> float:
        ticks = [time.perf_counter()]
        work = asyncio.create_task(busy(0.45, slices))
        while not work.done():
            await asyncio.sleep(0.01)
            ticks.append(time.perf_counter())
        return max(late - early for early, late in pairwise(ticks))

    whole = await longest_gap(1)
    assert whole >= 0.45
    assert min([await longest_gap(45) for _ in range(2)]) < whole / 2


@pytest.mark.statement("S21")
def test_threads_are_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that never wait both see the other start: neither keeps the other out.

    两个线程都从不等待，却都看到了对方开始：谁也挡不住谁。
    """
    monkeypatch.setattr(spin, "TIMEOUT", 10)
    a, b = threading.Event(), threading.Event()
    seen: list[bool] = []
    threads = [threading.Thread(target=lambda f=f: seen.append(spin.spin(*f))) for f in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True, True]


@pytest.mark.statement("S18", "S21")
async def test_coroutines_are_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a coroutine runs without waiting, the other one does not even start.

    一个协程不停地跑、不等待，另一个连开始的机会都没有。
    """
    monkeypatch.setattr(spin, "TIMEOUT", 0.5)
    a, b = threading.Event(), threading.Event()
    start = time.monotonic()
    seen = await asyncio.gather(spin.spin_in_loop(a, b), spin.spin_in_loop(b, a))
    assert list(seen) == [False, True]
    assert time.monotonic() - start >= 0.5


@pytest.mark.statement("S21")
def test_the_interpreter_switches_threads_every_five_milliseconds() -> None:
    """CPython asks a thread to hand over the interpreter after 5 ms by default.

    CPython 默认每 5 毫秒就请正在跑的线程交出解释器。
    """
    assert sys.getswitchinterval() == pytest.approx(0.005)


@pytest.mark.statement("S14", "S19")
async def test_run_inside_a_running_loop_is_refused() -> None:
    """`asyncio.run` inside a coroutine raises RuntimeError.

    在协程里调用 `asyncio.run` 会抛 RuntimeError。
    """
    work = turns.ready()
    with pytest.raises(RuntimeError):
        asyncio.run(work)
    work.close()
    assert await run_twice.nest() == "RuntimeError"


@pytest.mark.statement("S14")
def test_run_cancels_what_is_left() -> None:
    """A task still waiting when the main coroutine returns gets a CancelledError.

    主协程返回时还在等的任务会收到 CancelledError。
    """
    caught: list[str] = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        except BaseException as error:
            caught.append(type(error).__name__)
            raise

    async def leave() -> asyncio.Task[None]:
        task = asyncio.create_task(linger())
        await asyncio.sleep(0)
        return task

    assert asyncio.run(leave()).cancelled()
    assert caught == ["CancelledError"]


@pytest.mark.statement("S14")
def test_each_run_makes_a_loop_and_closes_it() -> None:
    """Two calls of `asyncio.run` use two loops, and close each at the end.

    调用两次 `asyncio.run`，就有两个循环，各自用完即关。
    """
    (first, task), (second, _) = asyncio.run(run_twice.start_task()), asyncio.run(run_twice.start_task())
    assert first is not second
    assert first.is_closed()
    assert second.is_closed()
    assert task.cancelled()


@pytest.mark.statement("S14")
def test_a_coroutine_that_never_waits_needs_no_loop() -> None:
    """`send(None)` runs a coroutine that never waits to its result; `asyncio.sleep(1)` needs a running loop.

    从不等待的协程，`send(None)` 就能跑到结果；`asyncio.sleep(1)` 则非有循环在跑不可。
    """

    async def seven() -> int:
        await turns.ready()
        return 7

    with pytest.raises(StopIteration) as end:
        seven().send(None)
    assert end.value.value == 7
    with pytest.raises(RuntimeError):
        asyncio.sleep(1).send(None)


@pytest.mark.statement("S14")
def test_a_queue_belongs_to_the_first_loop_that_waits_for_it() -> None:
    """A Queue made before any loop serves the first that waits for it; a second gets RuntimeError.

    Queue 可以先于循环创建，谁先等它就归谁；换个循环再等，就抛 RuntimeError。
    """
    queue: asyncio.Queue[int] = asyncio.Queue()

    async def fetch() -> int:
        asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
        return await queue.get()

    assert asyncio.run(fetch()) == 1
    with pytest.raises(RuntimeError):
        asyncio.run(fetch())


async def test_put_nowait_from_a_thread_does_not_wake_the_loop() -> None:
    """An item put by a thread with `put_nowait` waits until something else wakes the loop.

    线程里直接 `put_nowait`，东西放进去了，循环却没醒，要等别的事把它叫醒。
    """
    assert await across_threads.receive(safe=False)


async def test_call_soon_threadsafe_wakes_the_loop() -> None:
    """With `call_soon_threadsafe` the item arrives long before the timer.

    用 `call_soon_threadsafe`，定时器还早，东西就到了。
    """
    assert not await across_threads.receive(safe=True)


def test_debug_mode_refuses_put_nowait_from_a_thread() -> None:
    """In asyncio's debug mode `put_nowait` from a thread raises RuntimeError while the loop waits for items.

    打开 asyncio 的调试模式，循环在等东西时线程里 `put_nowait` 会抛 RuntimeError。
    """

    async def put() -> str:
        queue: asyncio.Queue[int] = asyncio.Queue()
        waiting = queue.get()
        waiting.send(None).add_done_callback(lambda _: None)  # as a task does that waits for an item
        try:
            await asyncio.to_thread(queue.put_nowait, 1)
        except RuntimeError as error:
            return type(error).__name__
        finally:
            waiting.close()
        return "put"

    assert asyncio.run(put(), debug=True) == "RuntimeError"
    assert asyncio.run(put(), debug=False) == "put"


def test_run_app_is_refused_inside_a_running_loop(capsys: pytest.CaptureFixture[str]) -> None:
    """`web.run_app` inside a coroutine is refused: it would run a second loop in this thread.

    在协程里调用 `web.run_app` 会遭到拒绝：它要在同一个线程里再跑一个循环。
    """
    with asyncio.Runner() as spare:
        asyncio.run(inside.wrong(spare.get_loop()))
    assert capsys.readouterr().out == "run_app: refused\n"


def test_a_refused_run_app_leaves_its_loop_open(capsys: pytest.CaptureFixture[str]) -> None:
    """A `web.run_app` that was refused leaves its loop open, with its task in it.

    遭到拒绝的 `web.run_app` 留下没关的循环，任务还在里面。
    """
    with asyncio.Runner() as spare:
        loop = spare.get_loop()
        asyncio.run(inside.wrong(loop))
        assert not loop.is_closed()
        assert len(asyncio.all_tasks(loop)) == 1


async def test_app_runner_serves_inside_a_running_loop(capsys: pytest.CaptureFixture[str]) -> None:
    """`AppRunner` and `TCPSite` start a server in the loop that runs already, and even two at a time.

    `AppRunner` 加 `TCPSite` 在已经跑着的循环里启动服务器，同时启动两个也行。
    """
    await asyncio.gather(inside.right(), inside.right())
    assert capsys.readouterr().out == "AppRunner: 404 from 127.0.0.1\n" * 2


@pytest.mark.statement("S20")
async def test_no_number_is_lost_without_an_await_between() -> None:
    """Without `await` between reading and writing, every caller gets a number of its own.

    读和写之间没有 `await`，每个调用者拿到的号都不同。
    """
    numbers = counter.Counter()
    assert await asyncio.gather(*(numbers.straight() for _ in range(100))) == list(range(100))


@pytest.mark.statement("S20")
async def test_an_await_between_reading_and_writing_loses_numbers() -> None:
    """With an `await` that gives way between reading and writing, all callers get the same number.

    读和写之间夹一个会让出的 `await`，所有调用者拿到同一个号。
    """
    numbers = counter.Counter()
    assert await asyncio.gather(*(numbers.interrupted() for _ in range(100))) == [0] * 100
    assert numbers.number == 1
