"""Proofs for the page asyncio/event-loop."""

import asyncio
import dis
import functools
import re
import socket
import subprocess
import sys
import threading
import time
from asyncio import proactor_events
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from aiohttp import ClientSession, web

from snippets.asyncio.event_loop import (
    closed,
    counter,
    inside,
    lanes,
    run_twice,
    turns,
    yields,
)
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import SMALL_PROMPT, serving
from tools import interactive


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


class Once:
    """Yield a value to whoever drives the coroutine, once."""

    def __await__(self) -> Generator[str, None, None]:
        """Yield."""
        yield "from inside"

    def __aiter__(self) -> "Once":
        """Iterate over nothing."""
        return self

    async def __anext__(self) -> None:
        """Give way, then end."""
        await self
        raise StopAsyncIteration

    async def __aenter__(self) -> None:
        """Give way."""
        await self

    async def __aexit__(self, *_: object) -> None:
        """Do nothing."""


async def awaiting() -> None:
    """Give way in an `await`."""
    await Once()


async def looping() -> None:
    """Give way in an `async for`."""
    async for _ in Once():
        pass


async def entering() -> None:
    """Give way in an `async with`."""
    async with Once():
        pass


async def comprehending() -> None:
    """Give way in an asynchronous comprehension."""
    [_ async for _ in Once()]


@pytest.mark.parametrize("form", [awaiting, looping, entering, comprehending])
def test_a_coroutine_gives_way_in_four_forms(form: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """`await`, `async for`, `async with` and `[… async for …]` can give way; nine other forms cannot.

    `await`、`async for`、`async with` 和异步推导式能让出；另外九种写法不能。
    """
    work = form()
    assert work.send(None) == "from inside"
    with pytest.raises(StopIteration):
        work.send(None)

    def gives_way(source: str) -> bool:
        body = "async def f(x):\n  " + source
        code = next(c for c in compile(body, "f", "exec").co_consts if hasattr(c, "co_code"))
        return any(step.opname == "SEND" for step in dis.get_instructions(code))

    for source in ("await x", "async for y in x: pass", "async with x: pass", "[y async for y in x]"):
        assert gives_way(source)
    for source in (
        "x",
        "x()",
        "x.y",
        "x + x",
        "for y in x: pass",
        "with x: pass",
        "[y for y in x]",
        "import x",
        "raise x",
    ):
        assert not gives_way(source)


def test_giving_way_is_a_yield_from_the_innermost_await() -> None:
    """What the innermost `__await__` yields comes out of two coroutines, at the `send` that drives them, or the loop's task; `sleep(0)` yields, a coroutine without a wait does not.

    Under an event loop that `yield` stops both coroutines, and a callback runs before they go on.

    最里层 `__await__` 里 `yield` 的东西，穿过外面两层协程，从驱动它们的 `send` 或者事件循环的任务那里出来；`sleep(0)` 会 `yield`，不等待的协程不会。
    在事件循环里，这个 `yield` 让两层协程都停下，先执行一个回调，它们再继续。
    """  # noqa: E501

    async def middle() -> None:
        await Once()

    async def outer() -> str:
        await middle()
        return "done"

    work = outer()
    assert work.send(None) == "from inside"
    with pytest.raises(StopIteration) as end:
        work.send(None)
    assert end.value.value == "done"
    with pytest.raises(RuntimeError, match=r"^Task got bad yield: 'from inside'$"):
        asyncio.run(outer())  # a task expects a future, or None
    log = list[str]()

    class Bare:
        def __await__(self) -> Generator[None, None, None]:
            asyncio.get_running_loop().call_soon(log.append, "callback")
            yield

    async def inner() -> None:
        await Bare()
        log.append("inner goes on")

    async def around() -> None:
        await inner()
        log.append("outer goes on")

    asyncio.run(around())
    assert log == ["callback", "inner goes on", "outer goes on"]
    sleep = turns.give_way()
    assert sleep.send(None) is None  # it has yielded
    sleep.close()
    with pytest.raises(StopIteration):
        turns.ready().send(None)


async def test_publish_loop_rests_only_when_its_queue_is_empty() -> None:
    """Three messages wait: `publish_loop` sends all in one turn, without giving way between them.

    队列里有三条消息：`publish_loop` 一轮就发完，中间不让出。
    """
    sent: list[Any] = []

    class Noting(PromptServer):
        async def send(self, event: Any, data: Any, sid: str | None = None) -> None:
            sent.append(data)

    server = Noting(asyncio.get_running_loop())
    for number in range(3):
        server.messages.put_nowait(("news", number, None))
    publishing = asyncio.create_task(server.publish_loop())
    asyncio.get_running_loop().call_soon(sent.append, "the loop turns")
    await asyncio.sleep(0)
    assert sent == [0, 1, 2, "the loop turns"]
    server.messages.put_nowait(("news", 3, None))
    assert not publishing.done()
    await asyncio.sleep(0)
    assert sent[-1] == 3
    publishing.cancel()


@pytest.mark.statement("S19")
def test_a_loop_runs_only_while_something_is_run() -> None:
    """`asyncio.get_running_loop()` raises RuntimeError outside, and returns the loop inside; a Runner runs two coroutines in one loop.

    在事件循环外面，`asyncio.get_running_loop()` 抛 RuntimeError；在里面，返回这个循环；一个 Runner 在同一个循环里执行两个协程。
    """  # noqa: E501

    async def inner() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    with asyncio.Runner() as runner:
        assert runner.run(inner()) is runner.run(inner()) is runner.get_loop()


@pytest.mark.statement("S19")
async def test_one_loop_runs_callbacks_timers_tasks_and_sockets() -> None:
    """One loop, in one thread, runs a callback, two tasks, a ready socket's reader and a timer.

    回调、两个任务、可读的套接字、定时器，都由同一个循环在同一个线程里执行。
    """
    loop, log = asyncio.get_running_loop(), list[tuple[str, int]]()

    def note(name: str) -> None:
        log.append((name, threading.get_ident()))

    def read() -> None:
        note(ours.recv(6).decode())
        loop.remove_reader(ours)

    async def task(name: str) -> None:
        note(name)

    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        loop.call_later(0.2, note, "timer")
        loop.call_soon(note, "callback")
        tasks = [asyncio.create_task(task(name)) for name in ("task", "task 2")]
        loop.add_reader(ours, read)
        theirs.send(b"socket")
        assert log == []  # registered, not called yet
        await asyncio.gather(*tasks)
        await asyncio.sleep(0.3)
    assert sorted(name for name, _ in log) == ["callback", "socket", "task", "task 2", "timer"]
    assert {thread for _, thread in log} == {threading.get_ident()}


@pytest.mark.statement("S20")
async def test_a_long_computation_stops_the_loop_unless_sliced() -> None:
    """Beside a computation in one piece two other tasks wait for its end; with `sleep(0)` each has a turn after each part.

    计算不分段，旁边的两个任务要等它算完才轮到；每段之后 `sleep(0)`，每段之后就各轮到一次。
    """  # noqa: E501
    log: list[str] = []

    async def busy(sliced: bool) -> list[str]:
        log.clear()
        for _ in range(45):
            sum(range(10_000))
            log.append("part")
            if sliced:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        return log[:]

    async def other(name: str) -> None:
        while True:
            log.append(name)
            await asyncio.sleep(0)

    others = [asyncio.create_task(other(name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    assert await busy(sliced=False) == ["part"] * 45 + ["a", "b"]
    assert await busy(sliced=True) == ["part", "a", "b"] * 45 + ["a", "b"]
    for task in others:
        task.cancel()


def spin(mine: threading.Event, yours: threading.Event, timeout: float) -> bool:
    """Set a flag, then check the other without ever waiting; return whether it was set within the time."""
    mine.set()
    end = time.monotonic() + timeout
    while not yours.is_set():
        if time.monotonic() > end:
            return False
    return True


async def spin_in_loop(mine: threading.Event, yours: threading.Event) -> bool:
    """Do the same in a coroutine."""
    return spin(mine, yours, 0.5)


@pytest.mark.statement("S21")
def test_threads_are_interrupted() -> None:
    """Two threads that never wait both see the other start: neither keeps the other out.

    两个线程都从不等待，却都看到了对方开始：谁也挡不住谁。
    """
    a, b = threading.Event(), threading.Event()
    with ThreadPoolExecutor() as pool:
        assert [*pool.map(spin, (a, b), (b, a), (10, 10))] == [True, True]


@pytest.mark.statement("S18", "S21")
async def test_coroutines_are_not_interrupted() -> None:
    """While a coroutine runs without waiting, no other one starts, and no callback or timer gets in.

    一个协程不停地跑、不等待，另一个连开始的机会都没有，回调和定时器也插不进来。
    """
    loop, a, b = asyncio.get_running_loop(), threading.Event(), threading.Event()
    start = time.monotonic()
    both, due = asyncio.gather(spin_in_loop(a, b), spin_in_loop(b, a)), asyncio.Event()
    loop.call_soon(b.set)
    loop.call_later(0.01, b.set)
    loop.call_later(0.02, due.set)
    seen = await both
    assert list(seen) == [False, True]
    await due.wait()
    assert time.monotonic() - start >= 0.5


@pytest.mark.statement("S14", "S19")
async def test_run_inside_a_running_loop_is_refused() -> None:
    """`asyncio.run` raises RuntimeError in a coroutine, and in a plain function that it or the event loop calls; there `create_task` works, and does not wait.

    在协程里，或者在它或事件循环所调用的普通函数里，调用 `asyncio.run` 会抛 RuntimeError；这个函数里可以用 `create_task`，它不等待。
    """  # noqa: E501
    work = turns.ready()

    def run() -> None:
        asyncio.run(work)

    def start() -> asyncio.Task[None]:
        task = asyncio.create_task(turns.ready())
        assert not task.done()
        return task

    text = r"^asyncio\.run\(\) cannot be called from a running event loop$"
    with pytest.raises(RuntimeError, match=text):
        asyncio.run(work)
    with pytest.raises(RuntimeError, match=text):
        run()
    await start()
    called = list[object]()
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: called.append(said(run)))
    loop.call_soon(lambda: called.append(start()))
    await asyncio.sleep(0)
    refused, started = called
    assert isinstance(refused, str)
    assert re.match(text, refused)
    assert isinstance(started, asyncio.Task)
    await started
    work.close()


@pytest.mark.statement("S14")
def test_run_cancels_what_is_left() -> None:
    """Both tasks that still wait when the main coroutine returns, or raises, get a CancelledError.

    主协程返回或者抛出异常时，还在等的两个任务都会收到 CancelledError。
    """
    caught: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        except BaseException as error:
            caught.append(type(error).__name__)
            raise

    async def leave(*, fails: bool) -> None:
        tasks[:] = [asyncio.create_task(linger()) for _ in range(2)]
        await asyncio.sleep(0)
        if fails:
            raise LookupError

    asyncio.run(leave(fails=False))
    assert [task.cancelled() for task in tasks] == [True, True]
    with pytest.raises(LookupError):
        asyncio.run(leave(fails=True))
    assert [task.cancelled() for task in tasks] == [True, True]
    assert caught == ["CancelledError"] * 4


@pytest.mark.statement("S14")
def test_each_run_makes_a_loop_and_closes_it() -> None:
    """Two calls of `asyncio.run` use two loops, and close each at the end, as does one whose coroutine fails.

    调用两次 `asyncio.run`，就有两个循环，各自用完即关；协程抛异常，也照样关。
    """
    (first, task), (second, _) = asyncio.run(run_twice.start_task()), asyncio.run(run_twice.start_task())
    third: list[asyncio.AbstractEventLoop] = []

    async def fail() -> None:
        third.append(asyncio.get_running_loop())
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(fail())
    loops = [first, second, *third]
    assert len(set(loops)) == 3
    assert all(loop.is_closed() for loop in loops)
    assert task.cancelled()


@pytest.mark.statement("S14")
def test_a_queue_belongs_to_the_first_loop_that_waits_for_it() -> None:
    """A Queue or Lock made before any loop serves the first that must wait for it; another gets RuntimeError.

    From another thread `run_coroutine_threadsafe` waits for it in the first loop, if that runs.

    Queue 和 Lock 可以先于循环创建，归第一个要等它的循环用；另一个循环也要等，就抛 RuntimeError。
    如果第一个循环正在运行，别的线程可以用 `run_coroutine_threadsafe`，在那个循环里等。
    """
    queue: asyncio.Queue[int] = asyncio.Queue()
    lock = asyncio.Lock()

    async def wait_for_the_lock() -> bool:
        async with lock:
            waiting = asyncio.create_task(lock.acquire())
            await asyncio.sleep(0)
        got = await waiting
        lock.release()
        return got

    async def take_the_lock() -> bool:
        async with lock:
            return True

    assert asyncio.run(take_the_lock())  # has not waited: the lock is free still
    assert asyncio.run(wait_for_the_lock())
    assert asyncio.run(take_the_lock())  # another loop, but no need to wait
    with pytest.raises(RuntimeError, match="is bound to a different event loop"):
        asyncio.run(wait_for_the_lock())

    async def fetch() -> int:
        asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
        return await queue.get()

    async def fetch_at_once() -> int:
        queue.put_nowait(2)
        return await queue.get()

    assert asyncio.run(fetch_at_once()) == 2  # has not waited: the queue is free still
    assert asyncio.run(fetch()) == 1
    assert asyncio.run(fetch_at_once()) == 2  # another loop, but no need to wait
    with pytest.raises(RuntimeError, match="is bound to a different event loop"):
        asyncio.run(fetch())

    async def share() -> tuple[str, int]:
        loop, shared = asyncio.get_running_loop(), asyncio.Queue[int]()
        loop.call_soon(shared.put_nowait, 3)
        assert await shared.get() == 3  # has waited: the queue is this loop's

        async def take() -> int:
            return await shared.get()

        def elsewhere() -> tuple[str, int]:
            refused = said(lambda: asyncio.run(take()))
            handed_over = asyncio.run_coroutine_threadsafe(take(), loop)
            loop.call_soon_threadsafe(shared.put_nowait, 4)
            return refused, handed_over.result(10)

        return await asyncio.to_thread(elsewhere)

    refused, taken = asyncio.run(share())
    assert refused.endswith("is bound to a different event loop")
    assert taken == 4


def shown(error: BaseException) -> str:
    """Return an error's text; in a browser that of the first error, since tidying up raises another there."""
    before = error.__context__
    return shown(before) if before and sys.platform == "emscripten" else str(error)


def test_run_app_is_refused_inside_a_running_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """`web.run_app` inside a coroutine is refused: it would run a second loop in this thread; in a thread of its own it may.

    在协程里调用 `web.run_app` 会遭到拒绝：它要在同一个线程里再跑一个循环；换一个没有循环在跑的线程，就可以。
    """  # noqa: E501

    async def run_app(loop: asyncio.AbstractEventLoop | None = None) -> None:
        web.run_app(web.Application(), loop=loop)

    text = "Cannot run the event loop while another loop is running"
    with asyncio.Runner() as spare, pytest.raises((RuntimeError, ValueError)) as refused:
        asyncio.run(run_app(spare.get_loop()))
    assert shown(refused.value) == text
    with asyncio.Runner() as spare, monkeypatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", spare.get_loop)  # the one that it would make
        with pytest.raises((RuntimeError, ValueError)) as refused:
            asyncio.run(run_app())
    assert shown(refused.value) == text
    stopped: list[bool] = []

    def end() -> None:
        stopped.append(True)
        raise web.GracefulExit  # as the handler of a signal does

    async def stop(app: web.Application) -> None:
        asyncio.get_running_loop().call_later(0.05, end)

    def serve(loop: asyncio.AbstractEventLoop) -> None:
        app = web.Application()
        app.on_startup.append(stop)
        web.run_app(app, loop=loop, handle_signals=False)

    asyncio.run(asyncio.to_thread(serve, asyncio.new_event_loop()))
    assert stopped


async def test_app_runner_serves_inside_a_running_loop(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`AppRunner` and `TCPSite` start a server in the loop that runs already, and even two at a time.

    `AppRunner` 加 `TCPSite` 在已经跑着的循环里启动服务器，同时启动两个也行。
    """
    loops: list[asyncio.AbstractEventLoop] = []

    @web.middleware
    async def note(request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
        loops.append(asyncio.get_running_loop())
        answer: web.StreamResponse = await handler(request)
        return answer

    monkeypatch.setattr(web, "Application", functools.partial(web.Application, middlewares=[note]))
    await asyncio.gather(inside.main(), inside.main())
    assert capsys.readouterr().out == "AppRunner: 404 from 127.0.0.1\n" * 2
    assert loops == [asyncio.get_running_loop()] * 2


@pytest.mark.statement("S20")
async def test_no_number_is_lost_without_an_await_between() -> None:
    """Without `await` between reading and writing, every caller gets a number of its own.

    读和写之间没有 `await`，每个调用者拿到的号都不同。
    """
    numbers = counter.Counter()
    assert await asyncio.gather(*(numbers.straight() for _ in range(100))) == list(range(100))


async def test_two_prompts_never_get_the_same_number() -> None:
    """Twenty prompts posted at once, none with a `number` of its own, get twenty numbers.

    同时提交二十个 prompt，都不带 `number`，得到二十个不同的编号。
    """
    async with serving(worker=False) as (_, client, *_):
        posts = [client.post("/prompt", json={"prompt": SMALL_PROMPT}) for _ in range(20)]
        answers = [await response.json() for response in await asyncio.gather(*posts)]
    assert sorted(answer["number"] for answer in answers) == list(range(20))


@pytest.mark.statement("S20")
async def test_an_await_between_reading_and_writing_loses_numbers() -> None:
    """With an `await` that gives way between reading and writing, all callers get the same number.

    读和写之间夹一个会让出的 `await`，所有调用者拿到同一个号。
    """
    numbers = counter.Counter()
    assert await asyncio.gather(*(numbers.interrupted() for _ in range(100))) == [0] * 100
    assert numbers.number == 1


async def test_a_task_leaves_a_callback_on_the_future_it_waits_for() -> None:
    """A task that waits leaves a callback on that future; once it has a result, the event loop calls the callback, and the task goes on. On a future with a result it leaves none.

    任务在一个 future 上等待，就在它上面留一个回调；future 有了结果，事件循环调用这个回调，任务接着执行。future 已经有结果，就不留回调。
    """  # noqa: E501
    left: list[str] = []

    class Noting(asyncio.Future[str]):
        def add_done_callback(self, fn: Callable[..., object], *, context: Any = None) -> None:
            def called(future: object) -> None:
                left.append("called")
                fn(future)

            left.append("a callback")
            super().add_done_callback(called, context=context)

    async def wait() -> str:
        left.append("began")
        return await future

    future = Noting()
    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    assert left == ["began", "a callback"]
    future.set_result("done")
    assert (len(left), task.done()) == (2, False)
    await asyncio.sleep(0)
    assert left == ["began", "a callback", "called"]
    assert task.result() == "done"
    assert await asyncio.create_task(wait()) == "done"  # the result is there already
    assert left[3:] == ["began"]


def said(call: Callable[[], object]) -> str:
    """Return the text of the RuntimeError that a call raises, without names of objects."""
    with pytest.raises(RuntimeError) as caught:
        call()
    return re.sub("<.*>", "…", str(caught.value))


def test_each_mistake_has_its_message() -> None:
    """Calls on the wrong side of an event loop raise a RuntimeError each, with these seven texts; `run_until_complete` of a running one does so in any thread.

    用错事件循环的各种调用，都抛 RuntimeError，文字就是这七句；对正在运行的事件循环调用 `run_until_complete`，在哪个线程里都一样。
    """  # noqa: E501

    async def make_future() -> asyncio.Future[str]:
        return asyncio.get_running_loop().create_future()

    async def inside() -> list[str]:
        loop, work, other = asyncio.get_running_loop(), turns.ready(), asyncio.new_event_loop()
        texts = [
            said(lambda: asyncio.run(work)),
            said(lambda: loop.run_until_complete(loop.create_future())),
            said(lambda: other.run_until_complete(other.create_future())),
            await asyncio.to_thread(said, lambda: loop.run_until_complete(work)),
        ]
        work.close()
        other.close()
        return texts

    async def wait(others: asyncio.Future[str]) -> None:
        await others

    future = asyncio.run(make_future())
    work = turns.ready()
    closed_loop = asyncio.new_event_loop()
    closed_loop.close()
    with ThreadPoolExecutor(1) as pool:
        calls: list[Callable[[], object]] = [
            asyncio.get_running_loop,
            lambda: asyncio.create_task(work),
            ClientSession,
        ]
        for call in calls:
            assert said(call) == "no running event loop"
            assert str(pool.submit(call).exception()) == "no running event loop"
    calls = [asyncio.get_event_loop, lambda: asyncio.gather(work), lambda: asyncio.ensure_future(work)]
    with ThreadPoolExecutor(1, "other") as pool:
        for call in calls:
            assert said(call) == "There is no current event loop in thread 'MainThread'."
            error = str(pool.submit(call).exception())
            assert error == "There is no current event loop in thread 'other_0'."
    calls = [
        lambda: closed_loop.call_soon(print),
        lambda: closed_loop.call_soon_threadsafe(print),
        lambda: closed_loop.call_later(0, print),
        lambda: closed_loop.run_until_complete(work),
    ]
    assert [said(call) for call in calls] == ["Event loop is closed"] * 4
    assert asyncio.run(inside()) == [
        "asyncio.run() cannot be called from a running event loop",
        "This event loop is already running",
        "Cannot run the event loop while another loop is running",
        "This event loop is already running",  # from another thread
    ]
    assert said(lambda: asyncio.run(wait(future))) == "Task … attached to a different loop"
    work.close()


def test_made_and_used_in_one_run_each_works() -> None:
    """A task, a coroutine, a future, a queue, a lock and a call from a thread, made and used in the same run: all six work, and `gather` and `ensure_future` too, in a second run as well.

    任务、协程、future、队列、锁、线程里的调用，都在同一次运行里造、在同一次运行里用：六样都行，`gather` 和 `ensure_future` 也行，再运行一次也行。
    """  # noqa: E501

    async def work() -> str:
        return "works"

    def ask(loop: asyncio.AbstractEventLoop) -> str:
        return asyncio.run_coroutine_threadsafe(work(), loop).result(10)

    async def steps() -> list[str]:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(work())
        future: asyncio.Future[str] = loop.create_future()
        loop.call_soon(future.set_result, "works")
        found = [await task, await work(), await future, await asyncio.to_thread(ask, loop)]
        queue, lock = asyncio.Queue[str](), asyncio.Lock()
        await lock.acquire()
        loop.call_soon(lock.release)
        assert await lock.acquire()  # it had to wait
        loop.call_soon(queue.put_nowait, "works")
        found += [*await asyncio.gather(work()), await asyncio.ensure_future(work())]
        return [*found, "works", await queue.get()]

    for _ in range(2):
        assert asyncio.run(steps()) == ["works"] * 8


def test_get_event_loop_makes_no_loop_in_a_thread_or_after_a_run() -> None:
    """In a thread without a loop of its own, also while another thread's runs, and after `asyncio.run`, `get_event_loop` raises RuntimeError, and so does `get_running_loop`.

    在别的线程里，如果那个线程没有运行循环（其他线程里有循环在运行也一样），以及主线程里 `asyncio.run` 之后，`get_event_loop` 和 `get_running_loop` 都抛 RuntimeError。
    """  # noqa: E501
    asyncio.run(turns.ready())
    with pytest.raises(RuntimeError, match="no current event loop in thread 'MainThread'"):
        asyncio.get_event_loop()
    with ThreadPoolExecutor(1, "other") as pool:
        failure = pool.submit(asyncio.get_event_loop).exception()
    assert "no current event loop in thread 'other_0'" in str(failure)

    async def ask_a_thread() -> list[str]:
        calls = asyncio.get_running_loop, asyncio.get_event_loop
        with ThreadPoolExecutor(1, "other") as pool:
            return [str(pool.submit(call).exception()) for call in calls]

    running, current = asyncio.run(ask_a_thread())
    assert running == "no running event loop"
    assert "no current event loop in thread 'other_0'" in current
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()

    async def ask_in_a_loop_of_its_own() -> list[bool]:
        ours = asyncio.get_running_loop()
        return [asyncio.get_running_loop() is ours, asyncio.get_event_loop() is ours]

    with ThreadPoolExecutor(1) as pool:  # a thread whose own loop runs
        assert pool.submit(lambda: asyncio.run(ask_in_a_loop_of_its_own())).result(10) == [True, True]


OWN_LOOP = """
import asyncio, sys, threading

def work():
    try:
        asyncio.get_event_loop()
    except RuntimeError:
        loop = asyncio.new_event_loop()
        print(loop.run_until_complete(asyncio.sleep(0, "ran")))
        if "close" in sys.argv:
            loop.close()

thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.parametrize("closed", [True, False])
def test_a_loop_of_ones_own_runs_in_a_thread_and_warns_if_left_open(closed: bool) -> None:
    """In a thread where `get_event_loop` raises, a loop of `new_event_loop` runs a coroutine; not closed, it is a ResourceWarning with `-X dev`.

    `get_event_loop` 抛异常的线程里，`new_event_loop` 造的循环能运行协程；没有关闭，加 `-X dev` 就有 ResourceWarning。
    """  # noqa: E501
    command = [sys.executable, "-X", "dev", "-c", OWN_LOOP, *(["close"] if closed else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert ("ResourceWarning: unclosed event loop" in done.stderr) is not closed


@pytest.mark.parametrize("call", ["get_event_loop()", "gather(work())", "ensure_future(work())"])
def test_since_3_14_get_event_loop_makes_no_loop_at_all(call: str) -> None:
    """In the main thread of a new process `get_event_loop` makes a loop up to 3.13, and returns it when it is closed too; since 3.14 it raises RuntimeError.

    `gather` and `ensure_future` with a coroutine do the same.

    在新进程的主线程里，`get_event_loop` 到 3.13 为止还会新建一个循环，这个循环关闭之后也仍返回它；从 3.14 起抛 RuntimeError。
    把协程传给 `gather` 或 `ensure_future` 也一样。
    """  # noqa: E501
    code = f"import asyncio\nasync def work(): pass\nasyncio.{call}\nloop = asyncio.get_event_loop()"
    code += "\nprint(loop.is_running())\nloop.close()"
    code += "\nprint(asyncio.get_event_loop() is loop)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    if sys.version_info >= (3, 14):
        assert "RuntimeError: There is no current event loop in thread 'MainThread'." in done.stderr
    else:
        assert done.stdout == "False\nTrue\n"


def test_get_event_loop_finds_the_loop_that_was_set() -> None:
    """After `set_event_loop`, `get_event_loop` returns that loop in this thread, unless another runs; another thread raises, until it sets one of its own.

    `asyncio.run` and a Runner take it away.

    调用过 `set_event_loop`，这个线程里没有别的循环在运行时，`get_event_loop` 就返回它；`asyncio.run` 和 Runner 把它清掉。
    别的线程里照样抛异常，直到它自己也设置一个。
    """  # noqa: E501

    async def current() -> asyncio.AbstractEventLoop:
        return asyncio.get_event_loop()

    loop, other = asyncio.new_event_loop(), asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        assert asyncio.get_event_loop() is loop
        assert other.run_until_complete(current()) is other
        assert asyncio.get_event_loop() is loop
        with ThreadPoolExecutor(1) as pool:
            assert isinstance(pool.submit(asyncio.get_event_loop).exception(), RuntimeError)
            pool.submit(asyncio.set_event_loop, other).result(10)
            assert pool.submit(asyncio.get_event_loop).result(10) is other
        assert asyncio.get_event_loop() is loop
        asyncio.run(turns.ready())
        with pytest.raises(RuntimeError, match="no current event loop"):
            asyncio.get_event_loop()
        asyncio.set_event_loop(loop)
        with asyncio.Runner() as runner:
            assert runner.run(current()) is runner.get_loop()
        with pytest.raises(RuntimeError, match="no current event loop"):
            asyncio.get_event_loop()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        other.close()


def test_get_event_loop_returns_a_closed_loop_too() -> None:
    """After `close`, and after `web.run_app`, `get_event_loop` returns the loop that was set, which runs no coroutine: `Event loop is closed`; before it, and with `asyncio.run`, one runs.

    `close` 之后，或者 `web.run_app` 之后，`get_event_loop` 仍返回设置过的循环，它什么协程也不能执行：`Event loop is closed`；关闭之前，或者用 `asyncio.run`，都能执行。
    """  # noqa: E501

    async def stop_at_once(app: web.Application) -> None:
        asyncio.get_running_loop().call_soon(end)

    def end() -> None:
        raise web.GracefulExit  # as the handler of a signal does

    loop, late = asyncio.new_event_loop(), turns.ready()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(turns.ready())
        loop.run_until_complete(turns.ready())
        loop.close()
        assert asyncio.get_event_loop() is loop
        assert said(lambda: asyncio.get_event_loop().run_until_complete(late)) == "Event loop is closed"
        asyncio.run(late)
        app, late = web.Application(), turns.ready()
        app.on_startup.append(stop_at_once)
        web.run_app(app, port=0, print=None, handle_signals=False)
        assert said(lambda: asyncio.get_event_loop().run_until_complete(late)) == "Event loop is closed"
        asyncio.run(late)
    finally:
        asyncio.set_event_loop(None)


def test_a_session_of_another_run_finds_its_loop_closed(capsys: pytest.CaptureFixture[str]) -> None:
    """A ClientSession made in one `asyncio.run` and used in the next: `Event loop is closed`; in one run it works.

    ClientSession 在一次 `asyncio.run` 里造、在下一次里用：`Event loop is closed`；放在同一次里就行。
    """  # noqa: E501
    closed.main()
    assert capsys.readouterr().out == "two runs: RuntimeError: Event loop is closed\none run: 404\n"


async def test_a_session_of_another_open_loop_is_refused() -> None:
    """A session used in another loop than its own, which runs in another thread or does not run: `Timeout context manager should be used inside a task`; a session of its own works there, and so does `run_coroutine_threadsafe`.

    会话用到别的循环里，而它自己的循环在另一个线程里运行，或者没有运行：`Timeout context manager should be used inside a task`；那里自己的会话能用，`run_coroutine_threadsafe` 也行。
    """  # noqa: E501
    loop = asyncio.get_running_loop()

    async def ask_with_its_own() -> int:
        async with ClientSession() as own:
            return await closed.ask(own)

    def elsewhere() -> tuple[str, str, int, int]:
        while asyncio.current_task(loop):  # until this test waits for the thread
            time.sleep(0.001)
        refused = said(lambda: asyncio.run(closed.ask(session)))
        with asyncio.Runner() as idle:
            theirs = idle.run(closed.make_session())
            idle_too = said(lambda: asyncio.run(closed.ask(theirs)))
            idle.run(theirs.close())
        handed_over = asyncio.run_coroutine_threadsafe(closed.ask(session), loop)
        return refused, idle_too, asyncio.run(ask_with_its_own()), handed_over.result(10)

    async with ClientSession() as session:
        found = await asyncio.to_thread(elsewhere)
    text = "Timeout context manager should be used inside a task"
    assert found == (text, text, 404, 404)


async def connect() -> asyncio.StreamWriter:
    """Return the writer of a connection to a server of our own."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        return (await asyncio.open_connection(*server.sockets[0].getsockname()[:2]))[1]


def test_a_connection_is_closed_by_its_own_loop() -> None:
    """`writer.close()` after the run raises `Event loop is closed`; inside it, with `wait_closed`, it works.

    运行结束之后再 `writer.close()`，抛 `Event loop is closed`；在运行里面关，并等 `wait_closed`，就没事。
    """

    async def tidy() -> bool:
        writer = await connect()
        writer.close()
        await writer.wait_closed()
        return writer.is_closing()

    assert asyncio.run(tidy())
    left = asyncio.run(connect())
    with pytest.raises(RuntimeError, match=r"^Event loop is closed$"):
        left.close()
    transport: Any = left.transport
    transport._sock.close()
    transport._sock = None  # so that it does not warn


async def receive_all(sock: socket.socket) -> int:
    """Return how many bytes arrive until the other side closes."""
    reader, writer = await asyncio.open_connection(sock=sock)
    size = len(await reader.read())
    writer.close()
    await writer.wait_closed()
    return size


def test_without_wait_closed_the_run_ends_before_all_is_sent() -> None:
    """With `wait_closed` all that was written arrives; without it, if the run ends first, the rest is lost; if the run goes on, nothing is.

    等 `wait_closed`，写入的全部到达；不等，如果运行先结束，没发完的就丢了；如果运行还在继续，就不会丢。
    """  # noqa: E501

    async def send(sock: socket.socket, waits: bool | None) -> Any:
        _, writer = await asyncio.open_connection(sock=sock)
        writer.write(bytes(2**24))
        writer.close()
        if waits:
            await writer.wait_closed()
        while waits is None and sock.fileno() != -1:  # noqa: ASYNC110 (it goes on with something else)
            await asyncio.sleep(0.01)
        return writer.transport

    arrived = []
    for waits in (True, None, False):
        ours, theirs = socket.socketpair()
        with ThreadPoolExecutor(1) as pool:
            received = pool.submit(asyncio.run, receive_all(theirs))
            transport = asyncio.run(send(ours, waits))
            if waits is False:
                transport._sock.close()
                transport._sock = None  # so that it does not warn
            arrived.append(received.result() / 2**24)
    assert arrived[0] == arrived[1] == 1 > arrived[2]


def test_a_windows_connection_left_open_only_warns() -> None:
    """Thrown away after its loop, a connection of the Windows loop warns, raises nothing, and closes its socket.

    Windows 的循环所建的连接，在循环关闭之后才被丢弃：只有警告，不抛异常，套接字也会关上。
    """  # noqa: E501

    class Left(proactor_events._ProactorBasePipeTransport):
        _loop: Any
        _sock: Any

        def __repr__(self) -> str:
            return "left"

    left, sock = object.__new__(Left), socket.socket()
    left._loop, left._sock = asyncio.new_event_loop(), sock
    left._loop.close()
    with pytest.warns(ResourceWarning, match="unclosed transport"):
        left.__del__()
    assert sock.fileno() == -1
    left._sock = None  # so that it does not warn again


def test_a_closed_loop_says_so_to_a_late_thread() -> None:
    """A thread that outlives `asyncio.run` gets `Event loop is closed` from `call_soon_threadsafe`; one that ends first does not.

    线程比 `asyncio.run` 活得久，再调用 `call_soon_threadsafe`，就得到 `Event loop is closed`；先结束的线程则不会。
    """  # noqa: E501
    ran: list[str] = []

    async def wait_for_a_thread() -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(loop.call_soon_threadsafe, ran.append, "in time")
        await asyncio.sleep(0)
        return loop

    gone = asyncio.run(wait_for_a_thread())
    assert ran == ["in time"]
    with ThreadPoolExecutor(1) as pool:
        failure = pool.submit(gone.call_soon_threadsafe, print).exception()
    assert str(failure) == "Event loop is closed"


async def test_a_lock_keeps_reading_and_writing_together() -> None:
    """With an `asyncio.Lock` around both, an `await` between reading and writing loses no number.

    读和写外面加一把 `asyncio.Lock`，中间有 `await` 也不会丢编号。
    """
    numbers, lock = counter.Counter(), asyncio.Lock()

    async def take() -> int:
        async with lock:
            return await numbers.interrupted()

    assert await asyncio.gather(*(take() for _ in range(100))) == list(range(100))


@pytest.mark.parametrize("name", "ABC")
async def test_a_time_sleep_in_one_task_stops_the_others(name: str) -> None:
    """While one task is in `time.sleep`, no other task runs; while it awaits `asyncio.sleep`, the others do.

    一个任务停在 `time.sleep` 里，别的任务都不执行；它 await `asyncio.sleep`，别的任务照常执行。
    """
    turns = dict.fromkeys("ABC", 0)

    async def count(task: str) -> None:
        while True:
            turns[task] += 1
            await asyncio.sleep(0)

    async def others_turns() -> int:
        return sum(number for task, number in turns.items() if task != name)

    others = [asyncio.create_task(count(task)) for task in "ABC" if task != name]
    await asyncio.sleep(0)
    before = await others_turns()
    time.sleep(0.01)  # noqa: ASYNC251
    assert await others_turns() == before
    await asyncio.sleep(0.01)
    assert await others_turns() > before
    for task in others:
        task.cancel()


@pytest.mark.parametrize("sleep", lanes.SLEEPS)
def test_in_virtual_time_only_time_sleep_keeps_the_others_waiting(sleep: str) -> None:
    """While one of three tasks is in `time.sleep`, none runs and the others wait; without it, none waits.

    三个任务里有一个停在 `time.sleep` 里，就没有任务执行，另外两个都得等；没有它，到时间就执行。
    """
    loop = lanes.Loop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", loop.clock.sleep)
        log = loop.run_until_complete(lanes.work_together(sleep))
    loop.close()
    bars = [interactive.bar_of(bar) for bar in log]
    asleep = [(start, end) for _, kind, start, end in bars if kind == "sleeps"]
    waiting = {task for task, kind, *_ in bars if kind == "waits"}
    assert bool(asleep) == bool(waiting) == sleep.startswith("time.sleep")
    running = [(start, end) for _, kind, start, end in bars if kind == "runs"]
    assert not [1 for start, end in running for since, until in asleep if start < until and end > since]
    if asleep:
        assert waiting == set("ABC") - {sleep[-1]}
