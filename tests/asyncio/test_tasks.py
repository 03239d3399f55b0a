"""Proofs for the page asyncio/tasks."""

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web

from snippets.asyncio.event_loop.lanes import Loop
from snippets.asyncio.tasks import (
    caller,
    cancellation,
    gather_server,
    group_server,
    limits,
    stopping,
)


async def turns(number: int = 20) -> None:
    """Give way to the loop so many times."""
    for _ in range(number):
        await asyncio.sleep(0)


async def fail() -> None:
    """Fail at once."""
    raise ValueError


async def work(name: str, number: int, log: list[str]) -> str:
    """Take some turns, then end: a and c fail, b does not."""
    try:
        await turns(number)
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    log.append(f"{name} {'done' if name == 'b' else 'failed'}")
    if name != "b":
        raise ValueError(name)
    return name


async def publish(log: list[str]) -> None:
    """Wait for messages, of which none comes."""
    try:
        await asyncio.Event().wait()
    finally:
        log.append("publish tidied up")


async def waiting(log: list[str]) -> asyncio.Task[None]:
    """Return a task that has begun to wait."""
    task = asyncio.create_task(cancellation.wait(log))
    await asyncio.sleep(0)
    return task


async def test_gather_waits_for_the_one_that_never_ends() -> None:
    """Gathered with an endless loop, a finished start does not end it: `run` waits for `publish` alone.

    和一个无限循环一起 gather，启动的那个已经完成，服务器照常响应，`run` 却还在等 `publish`。
    """
    ready: gather_server.Ready = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(gather_server.run(ready, asyncio.Queue()))
    runner = await ready
    host, port = runner.addresses[0]
    async with ClientSession() as session, session.get(f"http://{host}:{port}") as response:
        assert response.status == 404
    names = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
    assert names & {"start", "publish", "run"} == {"publish", "run"}
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])
    await runner.cleanup()


async def test_one_bad_message_ends_the_gathering(capsys: pytest.CaptureFixture[str]) -> None:
    """A message that JSON cannot hold raises in the publishing loop, and that ends the gathering.

    一条 JSON 表示不了的消息在发布循环里抛异常，整个 gather 随之结束。
    """
    async with asyncio.timeout(10):
        await gather_server.main()
    assert capsys.readouterr().out.splitlines()[-2:] == ['publish: "hello"', "run: TypeError"]


async def test_gather_tells_the_first_failure_only() -> None:
    """Two of three gathered fail: the caller gets the first at once, none is stopped, the second is lost.

    A task that was kept still has its exception.

    三个里有两个失败：调用者马上得到第一个异常，只有这一个；没有任务停下，第二个异常没有报告。
    保存下来的任务里，仍然能查到它的异常。
    """
    reports: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    log: list[str] = []
    names = {"c": 12, "a": 1, "b": 9}
    with pytest.raises(ValueError, match="a"):
        await caller.gather([work(*x, log) for x in names.items()])
    assert log == ["a failed"]
    await turns()
    gc.collect()
    await turns()
    assert log == ["a failed", "b done", "c failed"]
    assert reports == []
    kept = [asyncio.create_task(work(*x, log)) for x in names.items()]
    with pytest.raises(ValueError, match="a"):
        await asyncio.gather(*kept)
    await turns()
    assert [str(task.exception()) for task in kept] == ["c", "a", "None"]
    task = asyncio.create_task(fail())  # alone, a failed task is reported
    await turns()
    del task
    gc.collect()
    assert [context["message"] for context in reports] == ["Task exception was never retrieved"]


async def test_collected_failures_come_in_order() -> None:
    """With `return_exceptions=True` results and exceptions come back in the order of the arguments.

    用 `return_exceptions=True`，结果和异常按参数的顺序一起返回。
    """
    log: list[str] = []
    end: Any = await caller.collect([work(x, n, log) for x, n in (("a", 9), ("b", 1), ("c", 4))])
    assert [repr(x) for x in end] == ["ValueError('a')", "'b'", "ValueError('c')"]
    assert log == ["b done", "c failed", "a failed"]


async def test_a_group_stops_the_others_first() -> None:
    """A TaskGroup cancels the others, waits until they have ended, and raises only what failed.

    TaskGroup 取消其余任务，等它们都结束，再抛异常，里面只有真正失败的。
    """
    log: list[str] = []
    names = {"c": 12, "a": 1, "b": 9}
    with pytest.raises(ExceptionGroup) as caught:
        await caller.group([work(*x, log) for x in names.items()])
    assert (log[0], sorted(log[1:])) == ("a failed", ["b cancelled", "c cancelled"])
    assert [str(error) for error in caught.value.exceptions] == ["a"]
    log.clear()

    async def fail_as(name: str) -> str:
        await turns(1)
        raise ValueError(name)

    async def slow(name: str, error: Exception | None = None) -> str:
        try:
            await turns(9)
        finally:
            await turns(5)
            log.append(name)
            if error:
                raise error
        return name

    with pytest.raises(ExceptionGroup) as caught:
        await caller.group([fail_as("a"), fail_as("b"), slow("c"), slow("d", KeyError("d"))])
    assert sorted(log) == ["c", "d"]
    assert [repr(e) for e in caught.value.exceptions] == [
        "ValueError('a')",
        "ValueError('b')",
        "KeyError('d')",
    ]


@pytest.mark.parametrize(
    ("way", "caller_goes_on", "others"),
    [
        (caller.gather, "raises 2", ["b returns 5", "c fails 7"]),
        (caller.collect, "gets 7", ["b returns 5", "c fails 7"]),
        (caller.group, "raises 2", ["b cancelled 2", "c cancelled 2"]),
    ],
)
def test_when_the_caller_goes_on(
    way: Callable[[caller.Jobs], Coroutine[None, None, object]], caller_goes_on: str, others: list[str]
) -> None:
    """`gather` raises at the first failure, or collects to the last; a TaskGroup cancels the others first.

    `gather` 在第一个失败时抛出，或者收集到最后一个结束；TaskGroup 先取消其余的，再抛出。
    """
    loop = Loop()
    log = loop.run_until_complete(caller.call(way))
    loop.close()
    ends = [f"{what} {span.partition('-')[0]}" for what, span in (one.rsplit(" ", 1) for one in log)]
    assert f"caller {caller_goes_on}" in ends
    assert [one for one in ends if one in others] == others
    assert "a fails 2" in ends


async def test_when_none_fails_a_group_has_no_list_of_results() -> None:
    """When none fails, `gather` returns the results in order; a TaskGroup none, but each of its tasks has its result.

    都没有失败时，`gather` 按顺序返回结果；TaskGroup 不返回结果，每个任务各有自己的 `result()`。
    """  # noqa: E501
    numbers = (2, 1)
    gathered: Any = await caller.gather([asyncio.sleep(0, str(number)) for number in numbers])
    assert gathered == ["2", "1"]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.sleep(0, number)) for number in numbers]
    assert [task.result() for task in tasks] == [2, 1]
    assert not [name for name in dir(group) if "result" in name or name == "tasks"]


async def test_except_star_catches_what_a_group_raises() -> None:
    """`except ValueError` lets an ExceptionGroup of a ValueError pass; `except* ValueError` catches it, and lets a KeyError beside it pass.

    The message counts the exceptions of tasks that failed.

    里面是 ValueError 的 ExceptionGroup，`except ValueError` 捕不到，`except* ValueError` 捕得到，旁边的 KeyError 照样抛出。消息里有异常的个数。
    """  # noqa: E501
    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())
    assert str(raised.value) == "unhandled errors in a TaskGroup (1 sub-exception)"
    jobs: caller.Jobs = [work("a", 1, []), work("b", 9, []), work("c", 1, [])]
    with pytest.raises(ExceptionGroup) as two:
        await caller.group(jobs)
    assert str(two.value) == "unhandled errors in a TaskGroup (2 sub-exceptions)"
    caught: list[str] = []

    async def fail_in_a_group() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
        except ValueError:
            caught.append("except")

    try:
        await fail_in_a_group()
    except* ValueError:
        caught.append("except*")
    assert caught == ["except*"]
    parts: list[ExceptionGroup[ValueError]] = []

    async def miss() -> None:
        raise KeyError

    async def fail_in_two_ways() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                group.create_task(miss())
        except* ValueError as part:
            parts.append(part)

    with pytest.raises(ExceptionGroup) as rest:
        await fail_in_two_ways()
    found = [type(error) for part in (*parts, rest.value) for error in part.exceptions]
    assert (len(parts), found) == (1, [ValueError, KeyError])


async def test_cancelling_a_gathering_cancels_all_of_it() -> None:
    """Cancel the task that awaits `gather`, and those of the gathered that have not ended are cancelled.

    取消等着 `gather` 的任务，里面还没结束的都会取消。
    """
    log: list[str] = []
    names = {"a": 99, "c": 99, "b": 1}
    task = asyncio.create_task(caller.gather([work(*x, log) for x in names.items()]))
    await turns(5)
    assert log == ["b done"]
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert log == ["b done", "a cancelled", "c cancelled"]


async def test_after_the_first_failure_cancel_the_tasks_themselves() -> None:
    """After the first failure `gather` has ended and cannot be cancelled; the tasks that go on can.

    第一个任务失败之后，`gather` 已经结束，取消不了；还在执行的任务可以逐个取消。
    """
    log: list[str] = []
    names = {"a": 1, "b": 9, "c": 12}
    tasks = [asyncio.create_task(work(*x, log)) for x in names.items()]
    gathering = asyncio.gather(*tasks)
    with pytest.raises(ValueError, match="a"):
        await gathering
    assert gathering.done()
    assert not gathering.cancel()
    await turns(2)
    assert log == ["a failed"]
    assert [task.cancelling() for task in tasks] == [0, 0, 0]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert log == ["a failed", "b cancelled", "c cancelled"]


async def test_stopped_in_finally_no_task_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """With a `finally` that cancels and awaits the tasks, none goes on after a failure or a cancellation.

    A task that the `gather` has cancelled is not cancelled again, so what it awaits in its own `finally` comes to its end; a second cancellation would interrupt it.

    `finally` 里取消任务并等它们结束，失败或者取消之后，就没有任务还在执行。
    `gather` 已经取消过的任务不再取消一次，所以它自己的 `finally` 里 await 的清理能做完；再取消一次就会打断。
    """  # noqa: E501
    await stopping.main()
    assert capsys.readouterr().out == "began, cancelled, finally, caller: ValueError\n"
    log: list[str] = []
    jobs = [work("b", 1, log), work("a", 99, log)]
    waiter = asyncio.create_task(stopping.gather_or_stop(*jobs))
    await turns(5)
    waiter.cancel()
    await asyncio.wait([waiter])
    assert log == ["b done", "a cancelled"]
    assert len(asyncio.all_tasks()) == 1
    assert await stopping.gather_or_stop(asyncio.sleep(0, 1), asyncio.sleep(0, 2)) == [1, 2]
    log.clear()

    async def clean() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await turns()
            log.append("cleaned up")

    for one, cancel in ((cancellation.wait([]), True), (fail(), False)):
        waiter = asyncio.create_task(stopping.gather_or_stop(one, clean()))
        await turns(1 + cancel)
        if cancel:
            waiter.cancel()
        await asyncio.wait([waiter])
        assert waiter.cancelled() or isinstance(waiter.exception(), ValueError)
    assert log == ["cleaned up"] * 2
    cleaning = asyncio.create_task(clean())
    await turns(1)
    for _ in range(2):  # the second interrupts what its `finally` awaits
        cleaning.cancel()
        await turns(1)
    await asyncio.wait([cleaning])
    assert log == ["cleaned up"] * 2


async def test_cancel_only_asks() -> None:
    """`cancel()` returns at once; the exception comes up where the task waits, at a later turn.

    A task that awaits another has the other cancelled first; if that catches the error, both end well.
    A task that waits for another with `asyncio.wait` leaves it alone.

    `cancel()` 立刻返回；到后面的一轮，异常才在任务等待的地方抛出来。
    直接 await 另一个任务时，先取消那个任务；如果它捕获了异常，两个任务都正常结束。
    用 `asyncio.wait` 等待的任务，不会取消。
    """
    log: list[str] = []
    task = await waiting(log)
    task.cancel()
    assert log == ["began"]
    assert not task.done()
    await asyncio.wait([task])
    assert log == ["began", "cancelled", "finally"]

    async def catch() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "caught"
        return "never here"

    async def sleep() -> str:
        return await asyncio.sleep(60, "never here")

    async def ask(other: asyncio.Task[str]) -> str:
        return await other

    for inner, ends in ((catch(), False), (sleep(), True)):
        asked = asyncio.create_task(inner)
        asking = asyncio.create_task(ask(asked))
        await turns()
        asking.cancel()
        await asyncio.wait([asking])
        assert (asking.cancelled(), asked.cancelled()) == (ends, ends)
        assert ends or asking.result() == "caught"
    other = asyncio.create_task(asyncio.sleep(60))
    patient = asyncio.create_task(asyncio.wait([other]))
    await turns()
    patient.cancel()
    await asyncio.wait([patient])
    assert (patient.cancelled(), other.cancelling()) == (True, 0)
    other.cancel()


async def test_a_task_that_never_began_runs_no_finally() -> None:
    """A task cancelled before its first turn runs none of its body, `finally` included.

    第一轮之前取消的任务，函数体一行也不执行，`finally` 也不例外。
    """
    log: list[str] = []
    task = asyncio.create_task(cancellation.wait(log))
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert log == []


@pytest.mark.parametrize("pause", [lambda: asyncio.sleep(0), lambda: asyncio.Event().wait()])
async def test_ready_awaits_let_no_cancellation_in(pause: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """A task that cancels itself runs on through awaits that are ready, until one gives way.

    任务取消自己以后，不让出的 await 都照常执行，到会让出的那个才抛异常。
    """
    log: list[str] = []

    async def ready() -> None:
        pass

    async def run_on() -> None:
        task, queue, lock = asyncio.current_task(), asyncio.Queue[int](), asyncio.Lock()
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        assert task
        task.cancel()
        for name, wait in (
            ("coroutine", ready()),
            ("future", done),
            ("put", queue.put(1)),
            ("get", queue.get()),
            ("lock", lock.acquire()),
        ):
            await wait
            log.append(name)
        await pause()
        log.append("never here")

    task = asyncio.create_task(run_on())
    await asyncio.wait([task])
    assert task.cancelled()
    assert log == ["coroutine", "future", "put", "get", "lock"]


async def test_a_timeout_is_a_cancellation_inside() -> None:
    """Out of time, the work gets CancelledError, and the code that set the limit TimeoutError, if it lets that through.

    Work that computes to its end without a wait returns its result, however late.

    超时的时候，执行工作的代码收到 CancelledError；它让这个异常向外传，设时限的代码才收到 TimeoutError。
    如果工作一直在计算，中间不等待，就算超时，也照样返回结果。
    """  # noqa: E501
    log: list[str] = []
    await limits.limited(log, shielded=False)
    assert log == ["save: CancelledError", "caller: TimeoutError"]
    log.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(limits.save(log), limits.LIMIT)
    assert log == ["save: CancelledError"]

    async def swallow() -> str:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return "swallowed"

    async with asyncio.timeout(limits.LIMIT):
        assert await swallow() == "swallowed"
    assert await asyncio.wait_for(swallow(), limits.LIMIT) == "swallowed"

    async def compute() -> str:
        time.sleep(2 * limits.LIMIT)  # noqa: ASYNC251 - blocks, as a computation does
        return "computed"

    async with asyncio.timeout(limits.LIMIT):
        assert await compute() == "computed"
    assert await asyncio.wait_for(compute(), limits.LIMIT) == "computed"

    async def replace() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise KeyError

    with pytest.raises(KeyError):
        async with asyncio.timeout(limits.LIMIT):
            await replace()
    with pytest.raises(KeyError):
        await asyncio.wait_for(replace(), limits.LIMIT)


async def test_a_shield_lets_the_work_go_on() -> None:
    """Behind a shield the time limit ends the waiting, and the work goes on to its end.

    It keeps off no other cancellation: not that of the task itself, nor that of the `TaskGroup` that owns it.

    用了 shield，时限只结束等待，工作会做完。
    别处的取消挡不住：直接取消这个任务，或者它属于一个 `TaskGroup`，任务照样取消。
    """
    log: list[str] = []
    await limits.limited(log, shielded=True)
    assert log == ["caller: TimeoutError", "save: done"]
    log.clear()

    async def save_in_a_group() -> None:
        async with asyncio.TaskGroup() as group:
            saving = group.create_task(limits.save(log))
            async with asyncio.timeout(limits.LIMIT):
                await asyncio.shield(saving)

    with pytest.raises(ExceptionGroup):
        await save_in_a_group()
    assert log == ["save: CancelledError"]
    saving = asyncio.create_task(limits.save(log))
    asyncio.get_running_loop().call_later(limits.LIMIT, saving.cancel)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.shield(saving)
    assert log == ["save: CancelledError"] * 2


def test_at_the_end_of_the_program_a_shield_does_not_help() -> None:
    """At its end `asyncio.run` cancels a task behind a shield too, unless the program waited for it.

    程序结束时，`asyncio.run` 也取消 shield 里的任务；先等它做完，就不会。
    """

    async def leave(log: list[str]) -> None:
        saving = asyncio.create_task(limits.save(log))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(limits.LIMIT):
                await asyncio.shield(saving)

    log: list[str] = []
    asyncio.run(leave(log))
    assert log == ["save: CancelledError"]
    log.clear()
    asyncio.run(limits.limited(log, shielded=True))
    assert log == ["caller: TimeoutError", "save: done"]


@pytest.mark.parametrize("tidies", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_run_cancels_what_remains_and_run_until_complete_does_not(tidies: bool, fails: bool) -> None:
    """Its coroutine over, failed or not, `asyncio.run` cancels the rest and `run_until_complete` leaves it.

    Before that, a task that fails by itself stops neither the coroutine nor another task.

    执行的协程一结束，不管是不是失败，`asyncio.run` 都取消剩下的任务，`run_until_complete` 则不管。
    在这之前，别的任务失败，既不会停下这个协程，也不会停下其余的任务。
    """
    log: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def run() -> None:
        tasks[:] = [asyncio.create_task(work) for work in (publish(log), fail(), publish(log))]
        await turns()
        assert [task.done() for task in tasks] == [False, True, False]
        assert isinstance(tasks[1].exception(), ValueError)
        log.append("ends")
        if fails:
            raise KeyError

    with pytest.raises(KeyError) if fails else nullcontext():
        if tidies:
            asyncio.run(run())
        else:
            with asyncio.Runner() as runner:  # closes its loop
                try:
                    runner.get_loop().run_until_complete(run())
                finally:
                    assert (log, tasks[0].done(), tasks[2].done()) == (["ends"], False, False)
    if tidies:
        assert tasks[0].cancelled()
        assert tasks[2].cancelled()
        assert log == ["ends", "publish tidied up", "publish tidied up"]


async def test_a_cancelled_child_cancels_the_caller_of_gather() -> None:
    """Cancel one of the gathered: `gather` raises CancelledError in a caller that was not cancelled; the others go on.

    In a TaskGroup the others go on too, and nothing is raised.

    取消其中一个：`gather` 就在调用者那里抛 CancelledError，尽管调用者没有取消；其余的继续执行。
    在 TaskGroup 里，其余的也继续执行，但不抛异常。
    """  # noqa: E501
    log: list[str] = []
    other = asyncio.create_task(work("b", 9, log))
    child = asyncio.create_task(asyncio.Event().wait())
    asyncio.get_running_loop().call_soon(child.cancel)
    caller = asyncio.current_task()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.gather(child, other)
    assert caller
    assert (caller.cancelling(), log) == (0, [])
    await other
    assert log == ["b done"]
    async with asyncio.TaskGroup() as group:
        child = group.create_task(asyncio.Event().wait())
        group.create_task(work("b", 9, log))
        asyncio.get_running_loop().call_soon(child.cancel)
    assert child.cancelled()
    assert log == ["b done"] * 2


async def test_in_order_the_server_closes_before_the_failure_arrives() -> None:
    """With a TaskGroup a bad message closes the server first; then the caller gets an ExceptionGroup.

    用 TaskGroup，一条坏消息先让服务器关闭，调用者然后才得到 ExceptionGroup。
    """
    ready: gather_server.Ready = asyncio.get_running_loop().create_future()
    messages: gather_server.Messages = asyncio.Queue()

    async def call() -> tuple[ExceptionGroup[Exception], list[Any], object]:
        with pytest.raises(ExceptionGroup) as caught:
            await group_server.run(ready, messages)
        return caught.value, runner.addresses, runner.server

    running = asyncio.create_task(call())
    runner = await ready
    host, port = runner.addresses[0]
    async with ClientSession() as session:
        async with session.get(f"http://{host}:{port}") as response:
            assert response.status == 404
        messages.put_nowait({1, 2})
        group, addresses, server = await asyncio.wait_for(running, 10)
        with pytest.raises(ClientError):
            await session.get(f"http://{host}:{port}")
    assert [type(error) for error in group.exceptions] == [TypeError]
    assert (addresses, server) == ([], None)  # as the exception was caught


async def test_a_start_that_returned_leaves_the_server_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """If `start` has returned in the group, a bad message cancels nothing: the server still answers.

    TaskGroup 里的 `start` 已经返回，一条坏消息就没有任务可取消：服务器照样响应。
    """
    ready: gather_server.Ready = asyncio.get_running_loop().create_future()
    messages: gather_server.Messages = asyncio.Queue()
    monkeypatch.setattr(group_server, "serve", gather_server.start)
    running = asyncio.create_task(group_server.run(ready, messages))
    runner = await ready
    messages.put_nowait({1, 2})
    with pytest.raises(ExceptionGroup):
        await asyncio.wait_for(running, 10)
    host, port = runner.addresses[0]
    async with ClientSession() as session, session.get(f"http://{host}:{port}") as response:
        assert response.status == 404
    await runner.cleanup()


async def test_in_order_a_failing_start_stops_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a TaskGroup a server that cannot start stops the publishing loop too; `ready` gets no value.

    用 TaskGroup，服务器启动不了，发布循环也跟着停下；`ready` 没有值。
    """
    ready: gather_server.Ready = asyncio.get_running_loop().create_future()
    ready.cancel()  # now `serve` fails when it hands over its runner
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(group_server.run(ready, asyncio.Queue()), 10)
    assert [type(error) for error in caught.value.exceptions] == [asyncio.InvalidStateError]
    assert len(asyncio.all_tasks()) == 1

    async def start(self: web.TCPSite) -> None:
        raise OSError("address already in use")

    monkeypatch.setattr(web.TCPSite, "start", start)
    ready = asyncio.get_running_loop().create_future()
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(group_server.run(ready, asyncio.Queue()), 10)
    assert [type(error) for error in caught.value.exceptions] == [OSError]
    assert not ready.done()
    assert len(asyncio.all_tasks()) == 1
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(group_server.main(), 10)  # waits for `run` too
    assert [type(error) for error in caught.value.exceptions] == [OSError]
