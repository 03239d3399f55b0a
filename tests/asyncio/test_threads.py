"""Proofs for the page asyncio/threads."""

import asyncio
import queue
import subprocess
import sys
import threading
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.asyncio.threads import (
    at_exit,
    both_ways,
    context_variables,
    dies,
    result_from_loop,
    shared_dict,
    survives,
    wake_up,
)

CALLS = ["put_nowait", "Event.set", "Task.cancel", "loop.call_soon"]
INHERITS = getattr(sys.flags, "thread_inherit_context", False)


@pytest.fixture
async def worker() -> both_ways.Worker:
    """Return a worker whose thread is yet to be started."""
    return both_ways.Worker(asyncio.get_running_loop())


async def test_jobs_go_one_way_and_news_the_other(worker: both_ways.Worker) -> None:
    """Jobs go into the thread by a `queue.Queue`; news come to the loop's thread, made in the worker's.

    活经由 `queue.Queue` 进线程；消息在工作线程里产生，到循环所在的线程里取出。
    """
    threading.Thread(target=worker.work, name="worker", daemon=True).start()
    worker.jobs.put("cat.png")
    worker.jobs.put(None)
    async with asyncio.timeout(10):
        news = [await worker.news.get() for _ in range(2)]
    assert news == [("worker", "cat.png begins"), ("worker", "cat.png ends")]


async def test_news_arrive_in_order(worker: both_ways.Worker) -> None:
    """What one thread sends with `call_soon_threadsafe` arrives in the order of sending.

    一个线程用 `call_soon_threadsafe` 送来的东西，按送出的顺序到达。
    """
    jobs = [f"job {number}" for number in range(1000)]
    for job in [*jobs, None]:
        worker.jobs.put(job)
    threading.Thread(target=worker.work, daemon=True).start()
    async with asyncio.timeout(10):
        news = [(await worker.news.get())[1] for _ in range(2000)]
    assert news == [f"{job} {end}" for job in jobs for end in ("begins", "ends")]


async def test_from_the_loops_own_thread_news_come_later(worker: both_ways.Worker) -> None:
    """Called in the loop's own thread, `call_soon_threadsafe` delivers at the next turn, not at once.

    在循环自己的线程里调用 `call_soon_threadsafe`，东西下一轮才到，不是当场就到。
    """
    worker.report("hello")
    assert worker.news.empty()
    await asyncio.sleep(0)
    assert worker.news.qsize() == 1


@pytest.mark.parametrize("name", CALLS)
async def test_calls_from_a_thread_wake_nobody(name: str) -> None:
    """From a thread `put_nowait`, `Event.set`, `Task.cancel` and `loop.call_soon` do not wake the loop.

    从线程里调用 `put_nowait`、`Event.set`、`Task.cancel`、`loop.call_soon`，都叫不醒循环。
    """
    assert not await wake_up.wakes(wake_up.build_cases()[name], safe=False)


@pytest.mark.parametrize("name", CALLS)
async def test_call_soon_threadsafe_makes_each_call_safe(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handed to `call_soon_threadsafe`, each of these calls is made at once.

    把这些调用交给 `call_soon_threadsafe`，都立刻生效。
    """
    monkeypatch.setattr(wake_up, "TIMEOUT", 10)
    assert await wake_up.wakes(wake_up.build_cases()[name], safe=True)


async def test_any_other_wake_up_hides_the_mistake() -> None:
    """An item put in by a thread arrives as soon as something else, a socket say, wakes the loop.

    线程直接放进队列的东西，只要别的事（比如一个套接字）叫醒循环，马上就到。
    """
    loop = asyncio.get_running_loop()
    call, task = wake_up.build_cases()["put_nowait"]
    ended = threading.Event()
    task.add_done_callback(lambda _: ended.set())

    def work() -> tuple[bool, bool]:
        time.sleep(0.1)  # by now the loop sleeps, too
        call()
        before = ended.wait(0.3)
        loop.call_soon_threadsafe(lambda: None)  # as any request would
        return before, ended.wait(10)

    assert await asyncio.to_thread(work) == (False, True)


async def test_a_thread_gets_its_answer() -> None:
    """`run_coroutine_threadsafe` runs a coroutine in the loop's thread; the asking thread gets the result.

    `run_coroutine_threadsafe` 让协程在循环的线程里执行，发问的线程拿到结果。
    """

    async def who() -> int:
        return threading.get_ident()

    loop = asyncio.get_running_loop()
    future = await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(who(), loop).result(10))
    assert future == threading.get_ident()
    assert await asyncio.to_thread(result_from_loop.ask, loop, 2) == "0.5"


async def test_a_thread_gets_the_exception() -> None:
    """What the coroutine raises comes up in the asking thread.

    协程抛的异常，在发问的线程里冒出来。
    """
    loop = asyncio.get_running_loop()
    assert await asyncio.to_thread(result_from_loop.ask, loop, 0) == "ZeroDivisionError"


async def test_cancelling_the_future_cancels_the_task() -> None:
    """Cancel what `run_coroutine_threadsafe` returned, and the coroutine is cancelled in the loop.

    取消 `run_coroutine_threadsafe` 返回的 future，循环里的协程也跟着取消。
    """
    ended: asyncio.Queue[str] = asyncio.Queue()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.put_nowait("cancelled")

    future = asyncio.run_coroutine_threadsafe(wait(), asyncio.get_running_loop())
    await asyncio.sleep(0.01)
    await asyncio.to_thread(future.cancel)
    assert await asyncio.wait_for(ended.get(), 10) == "cancelled"


async def test_whoever_waits_in_the_loops_own_thread_waits_in_vain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`result()` in the loop's own thread runs out of time, since the loop cannot turn meanwhile.

    在循环自己的线程里调用 `result()`，等到超时也没有结果，因为循环这时转不了。
    """
    future = result_from_loop.ask_own_loop(asyncio.get_running_loop())
    assert capsys.readouterr().out == "from its own thread: TimeoutError\n"
    assert not future.done()
    assert await asyncio.wrap_future(future) == 0.5


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
    """`run_in_executor` and `threading.Thread` start without the caller's context variables.

    `run_in_executor` 和 `threading.Thread` 都看不到调用者的上下文变量。
    """
    context_variables.CLIENT.set("loop")
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(context_variables.CLIENT.get()))
    thread.start()
    thread.join()
    assert [await context_variables.executor(), *seen] == ["nobody", "nobody"]
    assert await context_variables.by_hand() == "loop"


async def test_a_callback_brings_the_threads_context() -> None:
    """What `call_soon_threadsafe` runs in the loop sees the context of the thread that called it.

    `call_soon_threadsafe` 交给循环的函数，看到的是调用它的那个线程的上下文。
    """
    context_variables.CLIENT.set("loop")
    assert await context_variables.and_back() == "thread"
    assert context_variables.CLIENT.get() == "loop"


async def test_a_dead_worker_goes_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the worker thread died of one job, the server goes on taking jobs that nobody does.

    工作线程死在一个活上，服务器照收不误，只是再没人做。
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
        assert [await (await client.post("/", json={})).text() for _ in range(2)] == [
            "1 waiting",
            "2 waiting",
        ]
    assert died == ["TypeError"]


def test_a_daemon_thread_ends_without_a_word() -> None:
    """The program waits for an ordinary thread; a daemon thread ends where it is, without its `finally`.

    程序会等普通线程做完；守护线程做到哪里算哪里，`finally` 也不执行。
    """
    assert at_exit.run(daemon=False) == "begins, ends, tidied up"
    assert at_exit.run(daemon=True) == "begins"


def test_the_program_waits_for_to_thread() -> None:
    """A thread of `to_thread` outlives a time limit, and the program waits for it to end.

    `to_thread` 的线程不受时限约束，程序会等它做完才退出。
    """
    code = (
        "import asyncio, time\n"
        "def work():\n    time.sleep(0.4)\n    print('done')\n"
        "asyncio.run(asyncio.wait_for(asyncio.to_thread(work), 0.1))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "TimeoutError" in done.stderr
    assert done.stdout == "done\n"


def test_a_stopped_loop_takes_everything_and_does_nothing() -> None:
    """`call_soon_threadsafe` on a stopped loop raises nothing and runs nothing; on a closed one it raises.

    循环停了，`call_soon_threadsafe` 什么也不抛，什么也不做；循环关了，它才抛 RuntimeError。
    """
    log: list[str] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.sleep(0))
    sending = threading.Thread(target=loop.call_soon_threadsafe, args=(log.append, "hello"))
    sending.start()
    sending.join()
    loop.close()
    assert log == []
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon_threadsafe(log.append, "hello")


async def test_a_loop_in_the_worker_is_another_loop() -> None:
    """`asyncio.run` in a worker thread makes a second loop; the first is still the one to send to.

    工作线程里的 `asyncio.run` 另起一个循环；要送消息，找的还是原来那个。
    """
    first = asyncio.get_running_loop()
    queue: asyncio.Queue[bool] = asyncio.Queue()

    async def node() -> None:
        same = asyncio.get_running_loop() is first
        first.call_soon_threadsafe(queue.put_nowait, same)

    await asyncio.to_thread(lambda: asyncio.run(node()))
    assert await queue.get() is False


async def test_a_worker_with_a_try_outlives_a_bad_job() -> None:
    """With a `try` around each job the worker reports the failure and takes the next job.

    每个活外面包一个 `try`，工作线程报告失败，接着做下一个。
    """
    jobs, reports = survives.Jobs(), list[str]()
    jobs.put(5)
    jobs.put({})
    jobs.put(None)
    worker = threading.Thread(target=survives.work, args=(jobs, survives.look, reports.append))
    worker.start()
    await asyncio.to_thread(worker.join, 10)
    assert reports == ["failed: TypeError", "has a client: False"]
