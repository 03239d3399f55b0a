"""Proofs for the page asyncio/coroutines."""

import asyncio
import concurrent.futures
import gc
import inspect
import os
import subprocess
import sys
import time
import warnings
import weakref
from collections.abc import AsyncIterator, Generator
from typing import Any

import pytest

from snippets.asyncio.coroutines import (
    drain,
    failed_task,
    forgotten,
    hello,
    inline,
    spawn,
    swallowed,
)


async def seven() -> int:
    """Return 7 without a wait."""
    return 7


class Seven:
    """Yield to the event loop once, then return 7."""

    def __await__(self) -> Generator[None, None, int]:
        """Yield, and return the result."""
        yield
        return 7


async def attempt(thing: Any) -> list[int | str]:
    """Await a thing twice; return two results or error names."""
    results: list[int | str] = []
    for _ in range(2):
        try:
            results.append(await thing)
        except Exception as error:
            results.append(type(error).__name__)
    return results


@pytest.mark.statement("S10", "S15")
def test_async_def_makes_a_coroutine_function() -> None:
    """`inspect.iscoroutinefunction` is true for an `async def`, and false for a `def`.

    `async def` 定义的函数，`inspect.iscoroutinefunction` 返回真；`def` 定义的返回假。
    """
    assert inspect.iscoroutinefunction(hello.hello_world)
    assert not inspect.iscoroutinefunction(hello.main)


@pytest.mark.statement("S15")
def test_calling_an_async_def_runs_none_of_its_body(capsys: pytest.CaptureFixture[str]) -> None:
    """Calling an `async def` prints nothing; it returns a coroutine object.

    调用 `async def` 函数什么也不打印，只返回一个协程对象。
    """
    made = hello.hello_world()
    assert inspect.iscoroutine(made)
    made.close()
    assert capsys.readouterr().out == ""


@pytest.mark.statement("S12")
def test_hello_world_takes_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notes' example prints Hello at once, and World a second after it.

    笔记里的例子马上打印 Hello，一秒之后打印 World。
    """
    printed: list[tuple[str, float]] = []

    def note(text: str) -> None:
        printed.append((text, time.monotonic()))

    monkeypatch.setattr(hello, "print", note, raising=False)
    start = time.monotonic()
    asyncio.run(hello.hello_world())
    (first, began), (second, ended) = printed
    assert (first, second) == ("Hello", "World")
    assert began - start < 0.9
    assert 0.99 <= ended - began < 1.9


@pytest.mark.statement("S12")
async def test_others_run_while_hello_world_waits(capsys: pytest.CaptureFixture[str]) -> None:
    """During its second, another coroutine gets its turn before World is printed.

    在它等的那一秒里，别的协程先轮到，然后才打印 World。
    """

    async def mark(seconds: float) -> None:
        await asyncio.sleep(seconds)
        print(seconds)

    await asyncio.gather(mark(0.7), hello.hello_world(), mark(1.3))
    assert capsys.readouterr().out.split() == ["Hello", "0.7", "World", "1.3"]


@pytest.mark.statement("S15")
def test_a_forgotten_coroutine_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """A coroutine that is dropped without being awaited runs not at all and emits a RuntimeWarning; adding to it raises.

    协程没有 await 就丢掉，函数体一行也不执行，只有一条 RuntimeWarning；拿它做加法就抛出异常。
    """  # noqa: E501
    with warnings.catch_warnings(record=True) as caught:
        held = hello.hello_world()
        gc.collect()
        assert caught == []
    with pytest.warns(RuntimeWarning) as warned:
        del held
    assert [str(warning.message) for warning in warned] == ["coroutine 'hello_world' was never awaited"]
    assert capsys.readouterr().out == ""
    with pytest.warns(RuntimeWarning) as warned:
        forgotten.send()  # type: ignore[unused-coroutine]
    assert [str(warning.message) for warning in warned] == ["coroutine 'send' was never awaited"]
    assert capsys.readouterr().out == ""
    used = seven()
    with pytest.raises(TypeError):
        used + 1  # type: ignore[operator]
    used.close()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("asyncio.create_task(work())", "no running event loop"),
        (
            "async def main(): asyncio.run(work())\nasyncio.run(main())",
            "cannot be called from a running event loop",
        ),
        ("threading.Thread(target=work).start()", None),
        ("asyncio.run(asyncio.to_thread(work))", None),
        ("loop.call_soon(work); loop.call_soon(loop.stop); loop.run_forever()", None),
        ("loop.run_until_complete(work()); loop.run_until_complete(asyncio.to_thread(plain))", "ran"),
        ("loop.call_soon(starts); loop.call_later(0.1, loop.stop); loop.run_forever(); plain()", "ran"),
        ("loop.run_until_complete(asyncio.to_thread(hands_over)); plain()", "ran"),
    ],
)
def test_a_refused_coroutine_and_a_callback_warn_too(line: str, error: str | None) -> None:
    """A coroutine refused by `create_task` or `asyncio.run` warns beside the RuntimeError; so does an `async def` given as a callback or to a thread, but not a plain function that starts it.

    `create_task` 或 `asyncio.run` 没有接受的协程，除了 RuntimeError 也有这条警告；把 `async def` 用作回调、交给线程，也有；换成启动它的普通函数，就没有。
    """  # noqa: E501
    code = (
        "import asyncio, threading\n"
        "async def work(): print('ran')\n"
        "def plain(): print('plain')\n"
        "def starts(): global task; task = asyncio.create_task(work())\n"
        "def hands_over(): asyncio.run_coroutine_threadsafe(work(), loop).result()\n"
        "loop = asyncio.new_event_loop()\n"
        f"{line}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    if error == "ran":
        assert (done.stdout, done.stderr) == ("ran\nplain\n", "")
        return
    assert done.stdout == ""
    assert "RuntimeWarning: coroutine 'work' was never awaited" in done.stderr
    assert ("RuntimeError: " in done.stderr) == bool(error)
    assert (error or "") in done.stderr


@pytest.mark.statement("S15")
async def test_an_error_arrives_at_the_await() -> None:
    """Calling a coroutine function that fails raises nothing; awaiting it starts it at once, and raises.

    协程函数会失败，调用时也不抛；到 await 那一行马上开始，异常也在那里抛出。
    """
    made, log = forgotten.send(), list[str]()
    asyncio.get_running_loop().call_soon(log.append, "callback")
    with pytest.raises(ConnectionResetError):
        await made
    assert log == []  # the event loop has not turned
    await asyncio.sleep(0)
    assert log == ["callback"]


async def test_an_await_behind_the_try_is_too_late() -> None:
    """With the call inside `try` and the `await` behind it, the error is not caught; with both inside, it is.

    调用写在 `try` 里、`await` 写在它后面，异常就捕不到；两样都写在里面，就捕得到。
    """
    caught = False
    try:
        made = forgotten.send()
    except ConnectionResetError:
        caught = True
    with pytest.raises(ConnectionResetError):
        await made
    assert not caught
    try:
        await forgotten.send()
    except ConnectionResetError:
        caught = True
    assert caught


@pytest.mark.statement("S15")
async def test_without_await_nothing_is_sent_and_nothing_caught(capsys: pytest.CaptureFixture[str]) -> None:
    """Without `await`, the body inside `try` never runs, so that there is nothing to catch.

    少了 `await`，`try` 里的函数体根本没执行，自然什么也接不到。
    """
    await forgotten.careful()
    assert capsys.readouterr().out.strip() == "sending"
    with pytest.warns(RuntimeWarning, match="never awaited"):
        await forgotten.careless()
    assert capsys.readouterr().out == ""


async def generator() -> AsyncIterator[int]:
    """Yield one number."""
    yield 1


@pytest.mark.statement("S15")
def test_yield_makes_it_an_async_generator() -> None:
    """An `async def` with `yield` is an async generator: neither `await` nor `asyncio.run` takes it.

    `async def` 里有 `yield` 就成了异步生成器：`await` 不认，`asyncio.run` 也不认。
    """
    assert not inspect.iscoroutinefunction(generator)
    made = generator()
    assert inspect.isasyncgen(made)
    with pytest.raises((TypeError, ValueError)):
        asyncio.run(made)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        asyncio.run(awaiting(made))
    assert [asyncio.run(awaiting(made.__anext__()))] == [1]


async def awaiting(thing: Any) -> Any:
    """Await something."""
    return await thing


@pytest.mark.statement("S16")
@pytest.mark.parametrize(
    "source",
    [
        "await x",
        "def f(): await x",
        "lambda: await x",
        "class A: await x",
        "async def f():\n  def g(): await x",
        "async def f():\n  lambda: await x",
        "async def f():\n  class A: await x",
    ],
)
def test_await_outside_async_def_does_not_compile(source: str) -> None:
    """`await` outside an `async def` is a SyntaxError from `compile()`; its text tells where.

    `await` 写在 `async def` 之外，`compile()` 就报 SyntaxError；写在哪里，文字不同。
    """
    plain = any(start in source for start in ("def f(): await", "def g", "lambda"))
    place = "async function" if plain else "function"
    with pytest.raises(SyntaxError, match=f"^'await' outside {place} "):
        compile(source, "x", "exec")
    assert compile("async def f(): await x", "x", "exec")


def test_python_m_asyncio_takes_await() -> None:
    """`python -m asyncio` runs a line with an `await` outside any function.

    `python -m asyncio` 里，函数外面的 `await` 照样执行。
    """
    line = "print(await asyncio.sleep(0, 'awaited'))\n"
    for module, wanted in (("asyncio", True), ("code", False)):
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, input="import asyncio\n" + line, capture_output=True, encoding="utf-8")
        assert ("awaited\n" in done.stdout) == wanted


@pytest.mark.statement("S17")
async def test_a_thousand_awaits_let_no_callback_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A callback queued before 1000 awaits of a coroutine that never waits runs at the first real wait.

    先排好一个回调，再 await 一千次从不等待的协程：到第一次真正的等待，回调才执行。
    """
    log: list[str] = []
    asyncio.get_running_loop().call_soon(log.append, "callback")
    for _ in range(1000):
        await inline.ready()
    log.append("awaited")
    await asyncio.sleep(0)
    log.append("slept")
    assert log == ["awaited", "callback", "slept"]
    started: list[None] = []

    async def counted() -> None:
        started.append(None)

    monkeypatch.setattr(inline, "ready", counted)
    await inline.main()
    assert len(started) == 1000 + 1  # the last one as a task
    assert capsys.readouterr().out.splitlines() == [
        "await ready(), 1000 times",
        "await asyncio.sleep(0)",
        "  the callback runs",
        "await asyncio.create_task(ready())",
        "  the callback runs",
        "done",
    ]


@pytest.mark.statement("S17")
async def test_awaiting_a_task_lets_a_callback_in() -> None:
    """A new task starts only when the loop turns: awaiting it lets a callback in, though it never waits. Awaiting it again, when it is done, does not.

    新任务要等事件循环转到才开始：await 它，哪怕它从不等待，排着的回调也会先执行。它结束以后再 await，就不会。
    """  # noqa: E501
    log: list[str] = []

    async def ready() -> None:
        log.append("began")

    asyncio.get_running_loop().call_soon(log.append, "callback")
    task = asyncio.create_task(ready())
    log.append("created")
    await task
    log.append("awaited")
    assert log == ["created", "callback", "began", "awaited"]
    asyncio.get_running_loop().call_soon(log.append, "later")
    await task
    assert "later" not in log


@pytest.mark.statement("S17")
async def test_coroutines_tasks_futures_and_dunder_await_are_awaitable() -> None:
    """Coroutines, tasks, futures and a class with `__await__` can be awaited; None or a thread's cannot.

    协程、任务、future、类里带 `__await__` 的对象都能 await；None、线程的 future 和写错了的 `__await__` 不能。
    """
    future = asyncio.get_running_loop().create_future()
    future.set_result(7)
    for thing in (seven(), asyncio.create_task(seven()), future, Seven()):
        assert (await attempt(thing))[0] == 7

    class NoIterator:
        def __await__(self) -> int:
            return 7

    class OnlyOnTheObject:
        def __init__(self) -> None:
            self.__await__ = Seven().__await__

    for wrong in (7, None, NoIterator(), OnlyOnTheObject(), concurrent.futures.Future[int]()):
        assert await attempt(wrong) == ["TypeError", "TypeError"]


@pytest.mark.statement("S17")
async def test_a_coroutine_can_be_awaited_once() -> None:
    """A second `await` of the same coroutine raises RuntimeError, as does one after `create_task`; a task gives its result again.

    同一个协程第二次 await 会抛 RuntimeError，交给 `create_task` 之后再 await 也会；任务则再给一次结果。
    """  # noqa: E501
    assert await attempt(seven()) == [7, "RuntimeError"]
    given = seven()
    await asyncio.create_task(given)
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        await given
    task = asyncio.create_task(seven())
    assert [*await attempt(task), *await attempt(task)] == [7] * 4


async def test_except_exception_does_not_stop_a_cancellation(capsys: pytest.CaptureFixture[str]) -> None:
    """CancelledError is a direct subclass of BaseException, so `except Exception` lets it pass.

    CancelledError 直接继承 BaseException，不是 Exception，所以 `except Exception` 拦不住它。
    """
    assert asyncio.CancelledError.__bases__ == (BaseException,)
    assert not issubclass(asyncio.CancelledError, Exception)
    assert await cancelled_while(Exception)
    await swallowed.main()
    assert capsys.readouterr().out.splitlines()[0] == "ignoring Exception: cancelled"


async def test_a_swallowed_cancellation_looks_like_success(capsys: pytest.CaptureFixture[str]) -> None:
    """A task that catches CancelledError and returns counts as finished without an error, not as cancelled.

    任务捕获了 CancelledError 又返回，就算正常结束，没有异常，不算取消。
    """
    assert not await cancelled_while(asyncio.CancelledError)
    await swallowed.main()
    assert capsys.readouterr().out.splitlines()[1] == "ignoring CancelledError: finished"


async def cancelled_while(ignored: type[BaseException]) -> bool:
    """Cancel a task that ignores something; say whether it counts as cancelled."""
    task = asyncio.create_task(swallowed.wait(ignored))
    await asyncio.sleep(0)
    assert task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is None
    return task.cancelled()


@pytest.fixture
async def logged() -> list[str]:
    """Collect what the running loop reports to its exception handler."""
    messages: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: messages.append(context["message"]))
    return messages


async def test_a_failed_task_is_silent_until_it_is_collected(
    logged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A failed task is not reported as long as it is referenced and nobody asks.

    失败的任务只要还有人引用、又没人去问，就一声不响。
    """
    task = asyncio.create_task(failed_task.fail())
    await asyncio.sleep(0.1)
    assert task.done()
    gc.collect()
    assert logged == []
    del task
    gc.collect()
    assert logged == ["Task exception was never retrieved"]
    await failed_task.main()
    _, *end = capsys.readouterr().out.splitlines()
    report = "the event loop: Task exception was never retrieved, ValueError"
    assert end == ["the last reference goes", report, "main ends"]


async def test_asking_a_failed_task_settles_it(logged: list[str]) -> None:
    """`task.exception()` returns the error once the task has failed, and awaiting it raises it; after that the loop is quiet.

    If the task was cancelled, `task.exception()` raises CancelledError.

    任务失败之后，`task.exception()` 返回错误，await 任务则抛出它；问过之后，事件循环不再提起。
    如果任务是取消的，`task.exception()` 就抛出 CancelledError。
    """  # noqa: E501
    asked, awaited, left = (asyncio.create_task(failed_task.fail()) for _ in range(3))
    with pytest.raises(asyncio.InvalidStateError):
        asked.exception()
    with pytest.raises(ValueError):  # noqa: PT011
        await awaited
    assert isinstance(asked.exception(), ValueError)
    del asked, awaited
    gc.collect()
    assert logged == []
    assert left.done()
    del left
    gc.collect()
    assert logged == ["Task exception was never retrieved"]
    cancelled = asyncio.create_task(seven())
    cancelled.cancel()
    await asyncio.wait([cancelled])
    with pytest.raises(asyncio.CancelledError):
        cancelled.exception()


async def test_a_task_that_nobody_holds_can_vanish(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that waits for a future or an event without any other reference is destroyed, and the log says so; so is one behind a `shield` that nobody awaits any more; a timer is a reference, and without it a sleeping task is destroyed too.

    任务等待的 future 或事件没有别的引用：做到一半就没了，日志里有一句；放在 `shield` 里、已经没有人等待的任务也一样；定时器也算引用，没有定时器，休眠的任务也会消失。
    """  # noqa: E501

    async def lonely() -> None:
        await asyncio.get_running_loop().create_future()

    task = weakref.ref(asyncio.create_task(lonely()))
    await asyncio.sleep(0)
    gc.collect()
    assert task() is None
    (line,) = caplog.messages
    assert line.startswith("Task was destroyed but it is pending!\n")
    waiter = weakref.ref(asyncio.create_task(asyncio.Event().wait()))
    await asyncio.sleep(0)
    gc.collect()
    assert waiter() is None
    assert len(caplog.messages) == 2
    assert caplog.messages[1].startswith("Task was destroyed but it is pending!\n")
    held = asyncio.create_task(lonely())
    shielded = weakref.ref(held)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(held), 0.01)
    gc.collect()
    assert shielded()
    del held
    gc.collect()
    assert shielded() is None
    assert len(caplog.messages) == 3
    sleeper = weakref.ref(asyncio.create_task(asyncio.sleep(60)))
    await asyncio.sleep(0)
    gc.collect()
    sleeping = sleeper()
    assert sleeping
    sleeping.cancel()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", lambda *_: asyncio.Handle(print, (), loop))
    without_timer = weakref.ref(asyncio.create_task(asyncio.sleep(60)))
    await asyncio.sleep(0)
    gc.collect()
    assert without_timer() is None


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("held", [False, True])
def test_run_cancels_a_background_task_without_a_message(held: bool, fails: bool) -> None:
    """When main returns, `asyncio.run` cancels a background task, held or not; only another error is logged.

    主协程返回时，`asyncio.run` 取消后台任务，不管任务有没有存；任务抛出别的异常才记日志，否则没有提示。
    """
    code = (
        "import asyncio\n"
        "async def work():\n"
        "    try:\n"
        "        await asyncio.sleep(60)\n"
        "    finally:\n"
        "        print('ends')\n"
        f"{'        1 / 0' * fails}\n"
        "    print('saved')\n"
        "async def main():\n"
        f"    {'global task; task = ' * held}asyncio.create_task(work())\n"
        "    await asyncio.sleep(0)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert (done.stdout, done.returncode) == ("ends\n", 0)
    assert ("ZeroDivisionError" in done.stderr) is fails
    assert (done.stderr == "") is not fails


async def test_spawn_holds_a_task_until_it_is_done(
    capsys: pytest.CaptureFixture[str], logged: list[str]
) -> None:
    """`spawn` keeps a task that nobody else holds; its callback lets go of it, a turn after it is done.

    别人不留引用的任务，`spawn` 替它留着，做完以后的下一轮，由回调放手。
    """

    async def lonely() -> None:
        await asyncio.get_running_loop().create_future()

    task = weakref.ref(spawn.spawn(lonely()))
    await asyncio.sleep(0)
    gc.collect()
    held = task()
    assert held is not None
    assert held in spawn.TASKS
    held.cancel()
    await asyncio.wait([held])
    assert held not in spawn.TASKS
    assert capsys.readouterr().out == ""
    assert logged == []
    for number in (1, 0):
        spawn.spawn(spawn.divide(number))
    await asyncio.sleep(0)  # the tasks run
    assert capsys.readouterr().out == "the quotient is 1\n"
    assert [task.done() for task in spawn.TASKS] == [True, True]
    await asyncio.sleep(0)  # their callbacks run
    assert capsys.readouterr().out == "a background task failed: ZeroDivisionError\n"
    assert not spawn.TASKS


async def test_spawn_reports_a_failure_at_once(capsys: pytest.CaptureFixture[str], logged: list[str]) -> None:
    """A task started with `spawn` that fails is reported when it ends, not when it is collected.

    So is one with an exception that is false.

    用 `spawn` 启动的任务一失败就有报告，不用等到回收；布尔值为假的异常也一样。
    """
    task = spawn.spawn(spawn.divide(0))
    await asyncio.wait([task])
    assert capsys.readouterr().out == "a background task failed: ZeroDivisionError\n"
    del task
    gc.collect()
    assert logged == []

    class EmptyError(Exception):
        def __len__(self) -> int:
            return 0

    async def fail() -> None:
        raise EmptyError

    await asyncio.wait([spawn.spawn(fail())])
    assert capsys.readouterr().out == "a background task failed: EmptyError\n"


def test_the_errors_of_await_say_what_is_wrong() -> None:
    """Awaiting a coroutine again, or None, raises an error whose text says so.

    再次 await 同一个协程，或者 await None，异常的文字会说明原因。
    """

    async def twice() -> None:
        work = seven()
        assert await work == 7
        await work

    with pytest.raises(RuntimeError, match=r"^cannot reuse already awaited coroutine$"):
        asyncio.run(twice())
    texts = "object NoneType can't be used in 'await' expression|'NoneType' object can't be awaited"
    with pytest.raises(TypeError, match=f"^({texts})$"):
        asyncio.run(awaiting(None))


@pytest.mark.parametrize("debug", [False, True])
def test_debug_mode_tells_where_a_forgotten_coroutine_was_made(debug: bool) -> None:
    """In debug mode, by argument or environment, the warning says where the call was; otherwise not.

    用参数或环境变量打开调试模式，警告还会说出调用写在哪里；平时没有。
    """
    with pytest.warns(RuntimeWarning, match="never awaited") as caught:
        asyncio.run(forgotten.careless(), debug=debug)
    (message,) = (str(warning.message) for warning in caught)
    assert ("Coroutine created at" in message) == debug
    assert ("forgotten.py" in message) == debug
    code = "import asyncio, snippets.asyncio.coroutines.forgotten as it; asyncio.run(it.careless())"
    environment = {**os.environ, "PYTHONASYNCIODEBUG": "1" if debug else ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "never awaited" in done.stderr
    assert ("Coroutine created at" in done.stderr) == debug


def test_a_linter_finds_a_task_that_is_dropped() -> None:
    """Ruff's `RUF006` finds an `asyncio.create_task` alone in a statement, not one that is kept or has a method called on it, nor that of a loop.

    Ruff 的 `RUF006` 查得出单独成一条语句的 `asyncio.create_task`；返回值留着的、后面接着方法调用的，或者是某个循环的 `create_task`，都不管。
    """  # noqa: E501
    for start, found in (
        ("asyncio.create_task(work())", True),
        ("if work: asyncio.create_task(work())", True),
        ("asyncio.create_task(work()).add_done_callback(print)", False),
        ("return asyncio.create_task(work())", False),
        ("self.loop.create_task(work())", False),
    ):
        code = f"import asyncio\nasync def main(self, work):\n    {start}\n"
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--isolated", "--select=RUF006", "-"],
            input=code,
            capture_output=True,
            encoding="utf-8",
        )
        assert ("RUF006" in done.stdout) == found
        assert done.returncode == found


async def test_drain_waits_a_while_and_cancels_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    """`drain` lets a short task end, cancels a long one, waits for its `finally`; without any it returns.

    It does so for a task too that one of these spawns, while it works or when it is cancelled.

    `drain` 等短任务做完，取消长任务，并等它的 `finally` 执行完；没有任务就直接返回。
    这些任务在执行中或取消时又用 `spawn` 启动的任务，也是这样。
    """
    await drain.drain(0.1)
    log: list[str] = []

    async def tidy(seconds: float) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(seconds)
            log.append("tidied up")

    spawn.spawn(drain.save(0.01))
    for seconds in (0.05, 0.2, 0.1):
        spawn.spawn(tidy(seconds))
    await drain.drain(0.5)
    assert capsys.readouterr().out == "0.01 s: saved\n"
    assert log == ["tidied up"] * 3
    assert not spawn.TASKS

    async def spawning(seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        finally:
            spawn.spawn(drain.save(seconds + 0.01))

    log.clear()
    spawn.spawn(spawning(0.01))  # and the other one ends in time
    spawn.spawn(spawning(60))
    spawn.spawn(tidy(0.05))
    await drain.drain(0.2)
    assert capsys.readouterr().out == "0.02 s: saved\n60.01 s: cancelled\n"
    assert log == ["tidied up"]
    assert not spawn.TASKS


@pytest.mark.parametrize("awaited", [False, True])
async def test_an_error_inside_a_task_stays_there_until_it_is_asked_for(awaited: bool) -> None:
    """A task keeps result and error: `try` around `create_task` catches nothing, around its `await` it does; a SystemExit ends the program.

    任务把异常或结果留着：`try` 包着 `create_task` 捕不到异常，包着对它的 `await` 就捕得到；SystemExit 则结束程序。
    """  # noqa: E501
    caught = False
    try:
        task = asyncio.create_task(failed_task.fail())
        if awaited:
            await task
    except ValueError:
        caught = True
    assert caught == awaited
    await asyncio.wait([task])
    assert isinstance(task.exception(), ValueError)
    task_of_seven = asyncio.create_task(seven())
    await asyncio.wait([task_of_seven])
    assert [task_of_seven.result(), await task_of_seven] == [7, 7]
    for error, end in (("ValueError", "waited\n"), ("SystemExit", "")):
        code = (
            "import asyncio\n"
            f"async def fail(): raise {error}\n"
            "async def main():\n"
            "    await asyncio.wait([asyncio.create_task(fail())])\n"
            "    print('waited')\n"
            "asyncio.run(main())\n"
        )
        command = [sys.executable, "-c", code]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
        assert (done.stdout, done.returncode) == (end, 0)
