"""Proofs for the page asyncio/io-and-cpu."""

import asyncio
import collections
import copy
import functools
import hashlib
import itertools
import multiprocessing
import os
import pickle
import queue
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from snippets.asyncio.io_and_cpu import (
    clients,
    pooled,
    save,
    slices,
    ticker,
    together,
    workers,
)
from snippets.asyncio.io_and_cpu.ticker import turns_beside
from snippets.recreation.serving import serving
from tests.client import ask
from tests.spans import spanned

HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()
needs_gil = pytest.mark.skipif(not HAS_GIL, reason="this interpreter runs without the GIL")


async def took(work: Awaitable[object]) -> float:
    """Await some work and return the seconds it took."""
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


class CountingPool(ThreadPoolExecutor):
    """A pool of threads that counts what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Count a job, and run it."""
        self.jobs += 1
        return super().submit(fn, *args, **kwargs)


@pytest.mark.statement("S11")
async def test_waits_overlap_only_when_they_run_together(capsys: pytest.CaptureFixture[str]) -> None:
    """Awaited one by one, waits add up; gathered or in a TaskGroup, they overlap and take less time.

    逐个 await，等待时间相加；用 gather 或 TaskGroup，等待重叠，用时更少。
    """

    async def one_by_one() -> None:
        await together.wait(0.3)
        await together.wait(0.2)

    apart = await took(one_by_one())
    assert capsys.readouterr().out == "0.3 starts, 0.3 ends, 0.2 starts, 0.2 ends, "
    gathered = await took(asyncio.gather(together.wait(0.3), together.wait(0.2)))
    assert capsys.readouterr().out == "0.3 starts, 0.2 starts, 0.2 ends, 0.3 ends, "
    assert apart > 0.45  # 0.3 and 0.2
    assert gathered < apart
    async with asyncio.TaskGroup() as group:
        for seconds in (0.3, 0.2):
            group.create_task(together.wait(seconds))
    assert capsys.readouterr().out == "0.3 starts, 0.2 starts, 0.2 ends, 0.3 ends, "


@pytest.mark.statement("S13")
async def test_a_blocking_call_stops_the_loop() -> None:
    """Beside `time.sleep` the loop takes no turn; beside `asyncio.sleep` or `to_thread`, which calls it in a thread of the loop's pool, it takes many.

    `time.sleep` 期间事件循环停住；换成 `asyncio.sleep` 或 `to_thread`，它一直在转。`to_thread` 在事件循环的线程池里调用。
    """  # noqa: E501
    assert (await turns_beside(ticker.sleep_badly()))[0] == 0
    assert (await turns_beside(asyncio.sleep(ticker.SECONDS)))[0] > 10
    asyncio.get_running_loop().set_default_executor(pool := CountingPool())
    assert (await turns_beside(asyncio.to_thread(time.sleep, ticker.SECONDS)))[0] > 10
    assert pool.jobs == 1
    assert await asyncio.to_thread(threading.get_ident) != threading.get_ident()


@pytest.mark.statement("S13")
async def test_turns_show_only_what_blocks_throughout() -> None:
    """Of calls that take long, one that blocks throughout leaves no turn; one that blocks for a part of the time may leave some.

    A call that takes no time leaves none, though it hardly blocks.

    耗时的调用，从头到尾都阻塞，就一轮也没有；只有一段时间阻塞，可能有几轮。不耗时的调用也一轮都没有，虽然它几乎不阻塞。
    """  # noqa: E501

    async def in_part() -> None:
        await asyncio.sleep(0)
        await ticker.sleep_badly()

    async def at_once() -> None:
        pass

    for work, turns in ((ticker.sleep_badly(), 0), (in_part(), 1), (at_once(), 0)):
        assert (await turns_beside(work))[0] == turns


@pytest.mark.statement("S13", "S24")
async def test_one_rude_handler_keeps_every_client_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    """Two requests overlap in a handler that awaits, and queue up before one that blocks.

    处理函数里用 await 等待，两个请求同时在等；里面阻塞，第二个请求就得排队。
    """
    seconds = {}
    async with TestClient(TestServer(clients.build_app())) as client:
        for path, log in {"/awaiting": " in in out out", "/blocking": " in out in out"}.items():
            seconds[path] = await took(asyncio.gather(client.get(path), client.get(path)))
            assert capsys.readouterr().out == log
    assert seconds["/awaiting"] < seconds["/blocking"]


async def test_each_request_is_handled_in_a_task_of_its_own() -> None:
    """Two requests, on one connection or on two, are handled in two tasks.

    两个请求，不管在一个连接上还是两个连接上，都在两个任务里处理。
    """
    tasks, lines = list[object](), list[object]()

    async def handler(request: web.Request) -> web.Response:
        tasks.append(asyncio.current_task())
        lines.append(request.transport)
        return web.Response()

    app = web.Application()
    app.router.add_get("/", handler)
    async with TestServer(app) as server, ClientSession() as client, ClientSession() as other:
        for one in (client, client, other):
            assert await (await one.get(server.make_url("/"))).read() == b""
    assert lines[0] is lines[1] is not lines[2]
    assert len(set(tasks)) == 3


@pytest.mark.statement("S22")
@pytest.mark.skipif(sys.platform != "linux", reason="epoll, which refuses the file, is Linux's")
async def test_the_loop_cannot_watch_a_regular_file(tmp_path: Path) -> None:
    """No name of asyncio opens a file; `connect_read_pipe` refuses a regular one, and `add_reader` with `epoll`, not with `select`.

    asyncio 里没有打开文件的名字；`connect_read_pipe` 不接受普通文件，`add_reader` 用 `epoll` 时也不接受，用 `select` 时接受。
    """  # noqa: E501
    assert selectors.DefaultSelector.__name__ == "EpollSelector"
    names = {*dir(asyncio), *dir(asyncio.AbstractEventLoop)}
    assert {name for name in names if "open" in name.lower()} == {"open_connection", "open_unix_connection"}
    files = {name for name in names if "file" in name.lower() and not name.startswith("__")}
    assert files == {"sendfile", "sock_sendfile", "SendfileNotAvailableError"}
    path = tmp_path / "file"
    path.write_text("contents")
    with path.open() as file, pytest.raises(PermissionError):
        asyncio.get_running_loop().add_reader(file, print)
    with path.open() as file, pytest.raises(ValueError, match="pipes"):
        await asyncio.get_running_loop().connect_read_pipe(asyncio.Protocol, file)
    other = asyncio.SelectorEventLoop(selectors.SelectSelector())
    with path.open() as file:
        other.add_reader(file, print)
        assert other.remove_reader(file)
    other.close()


def slow_file() -> TextIO:
    """Open a file that is slow to read: a pipe, for a slow disk."""
    source, target = os.pipe()

    def write() -> None:
        with os.fdopen(target, "w") as file:
            file.write("contents")

    threading.Timer(0.3, write).start()
    return os.fdopen(source)


@pytest.mark.statement("S22")
async def test_reading_a_file_stops_the_loop_unless_a_thread_reads(tmp_path: Path) -> None:
    """A slow `read()` or `open` in a coroutine stops the loop; `read` or `read_bytes` in `to_thread` does not.

    协程里直接 `read()` 或 `open` 一个慢文件，事件循环停住；把 `read` 或 `read_bytes` 交给 `to_thread`，读到的一样，循环不停。
    """  # noqa: E501

    async def in_the_loop() -> str:
        with slow_file() as file:
            return file.read()

    async def in_a_thread() -> str:
        with slow_file() as file:
            return await asyncio.to_thread(file.read)

    turns, text = await turns_beside(in_the_loop())
    assert (turns, text) == (0, "contents")
    turns, text = await turns_beside(in_a_thread())
    assert text == "contents"
    assert turns > 10
    if hasattr(os, "mkfifo"):  # whose `open` waits for the other end, as that of a slow disk for the disk
        os.mkfifo(path := tmp_path / "slow")

        async def opened() -> bytes:
            with path.open("rb") as file:
                return file.read()

        def write() -> None:
            path.write_bytes(b"contents")

        for work, runs, read in (
            (opened(), False, b"contents"),
            (asyncio.to_thread(path.read_bytes), True, b"contents"),
        ):
            (other := threading.Timer(0.3, write)).start()
            turns, got = await turns_beside(work)
            other.join()
            assert (turns > 10, turns > 0, got) == (runs, runs, read)


@pytest.mark.statement("S22")
async def test_an_ordinary_file_is_no_different(tmp_path: Path) -> None:
    """Reading 256 MiB of an ordinary file stops the loop, and in `to_thread` it does not.

    直接读一个 256 MiB 的普通文件，事件循环停住；交给 `to_thread` 就不会。
    """
    size, path = 256 * 1024 * 1024, tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(size)

    def read() -> int:
        with path.open("rb", buffering=0) as file:
            return sum(len(part) for part in iter(lambda: file.read(1024 * 1024), b""))

    async def in_the_loop() -> int:
        return read()

    assert await turns_beside(in_the_loop()) == (0, size)
    turns, read_in_thread = await turns_beside(asyncio.to_thread(read))
    assert read_in_thread == size
    assert turns > 2


@pytest.mark.statement("S22")
async def test_a_file_response_goes_to_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FileResponse of aiohttp opens its file in the loop's thread pool, at the end of GET /view too; an ordinary response needs none.

    aiohttp 的 FileResponse 在事件循环的线程池里打开文件，GET /view 的结尾也一样；普通响应不用线程。
    """  # noqa: E501
    (tmp_path / "file").write_text("contents")
    openers: list[threading.Thread] = []
    path_open = Path.open

    def note(path: Path, *args: Any, **options: Any) -> Any:
        openers.append(threading.current_thread())
        return path_open(path, *args, **options)

    monkeypatch.setattr(Path, "open", note)

    async def file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / "file")

    async def text(request: web.Request) -> web.Response:
        return web.Response(text="contents")

    asyncio.get_running_loop().set_default_executor(pool := CountingPool())
    app = web.Application()
    app.add_routes([web.get("/file", file), web.get("/text", text)])
    assert await (await ask(app, "/text")).text() == "contents"
    assert pool.jobs == 0
    app = web.Application()
    app.add_routes([web.get("/file", file)])
    assert await (await ask(app, "/file")).text() == "contents"
    assert pool.jobs > 0
    assert openers
    assert threading.current_thread() not in openers
    async with serving(worker=False, root=tmp_path) as (_, client, *_):
        (tmp_path / "file").rename(tmp_path / "output" / "file")
        openers.clear()
        assert await (await client.get("/view?filename=file")).text() == "contents"
    assert openers
    assert threading.current_thread() not in openers


@pytest.mark.statement("S22")
async def test_the_loops_own_look_up_goes_to_a_thread() -> None:
    """`loop.getaddrinfo` looks a name up in the thread pool; `socket.getaddrinfo` stays where it is called.

    `loop.getaddrinfo` 在线程池里查主机名；`socket.getaddrinfo` 就在调用它的地方查。
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(pool := CountingPool())
    assert socket.getaddrinfo("localhost", None)
    assert pool.jobs == 0
    assert await loop.getaddrinfo("localhost", None)
    assert pool.jobs == 1


@pytest.mark.statement("S23")
async def test_gathered_computations_do_not_overlap(capsys: pytest.CaptureFixture[str]) -> None:
    """Computations that are gathered run one after the other, and hardly faster than without gather.

    用 gather 同时启动的计算，还是依次执行，并不比不用 gather 快多少。
    """
    alone, gathered = [], []
    for _ in range(5):  # this thread's own seconds: what else the machine does is left out
        start = time.thread_time()
        await together.compute(2_000_000)
        await together.compute(2_000_000)
        middle = time.thread_time()
        await asyncio.gather(together.compute(2_000_000), together.compute(2_000_000))
        alone.append(middle - start)
        gathered.append(time.thread_time() - middle)
    assert capsys.readouterr().out == "2000000 starts, 2000000 ends, " * 20
    assert min(gathered) > 0.7 * min(alone)


@pytest.mark.statement("S23")
async def test_slices_let_the_loop_turn() -> None:
    """With `sleep(0)` after each slice the loop takes one turn a slice, and the sum is the same.

    每算一段就 `sleep(0)`，事件循环就转一圈；总和不变。
    """
    assert await turns_beside(slices.whole()) == (0, sum(slices.NUMBERS))
    assert await turns_beside(slices.sliced(100_000)) == (10, sum(slices.NUMBERS))
    assert await turns_beside(slices.sliced(10_000)) == (100, sum(slices.NUMBERS))


@pytest.mark.statement("S23")
async def test_a_thread_or_a_process_keeps_the_loop_turning(monkeypatch: pytest.MonkeyPatch) -> None:
    """`keep_busy` in a thread or in a process lets the loop turn; only the process is another one, which takes time and memory to start.

    把 `keep_busy` 放进线程或进程，事件循环都不停；只有进程才是另一个进程，启动它要花时间和内存。
    """  # noqa: E501
    at, span, keep_busy = list[float](), list[float](), workers.keep_busy

    async def in_the_loop() -> int:
        return workers.keep_busy()

    async def tick() -> None:
        while True:
            at.append(time.perf_counter())
            await asyncio.sleep(0)

    def timed() -> int:
        span.append(time.perf_counter())
        pid = keep_busy()
        span.append(time.perf_counter())
        return pid

    assert await turns_beside(in_the_loop()) == (0, os.getpid())
    ticking = asyncio.create_task(tick())
    with monkeypatch.context() as patch:
        patch.setattr(workers, "keep_busy", timed)
        assert await workers.in_a_thread() == os.getpid()
    ticking.cancel()
    began, ended = span
    quarter = (ended - began) / 4
    assert [turn for turn in at if began + quarter < turn < ended - quarter]
    loop = asyncio.get_running_loop()
    with workers.build_pool() as pool:
        start = await took(loop.run_in_executor(pool, os.getpid))
        if sys.platform == "linux":  # `ru_maxrss` would begin with this process's own
            status = await loop.run_in_executor(pool, Path("/proc/self/status").read_text)
            used = dict(line.split(":", 1) for line in status.splitlines())
            assert int(used["RssAnon"].split()[0]) > 5_000  # KiB, shared with nobody
        turns, pid = await turns_beside(workers.in_a_process(pool))
        assert pid != os.getpid()
        assert turns > 10
        ticking = asyncio.create_task(tick())
        with monkeypatch.context() as patch:  # `sum` would stop the loop from a thread
            patch.setattr(workers, "keep_busy", functools.partial(spanned, sum, range(10_000_000)))
            calls: list[Any] = [await workers.in_a_process(pool)]
        calls.append(await loop.run_in_executor(pool, spanned, keep_busy))
        ticking.cancel()
    for began, ended, pid in calls:
        assert pid != os.getpid()
        quarter = (ended - began) / 4
        assert [turn for turn in at if began + quarter < turn < ended - quarter]
    with ThreadPoolExecutor() as threads:
        assert start > 3 * await took(loop.run_in_executor(threads, os.getpid))


async def test_closing_a_pool_of_processes_stops_the_loop() -> None:
    """Leaving `with` around a pool of processes in a coroutine blocks the loop until all its jobs have ended, those that wait too.

    在协程里离开进程池的 `with`，事件循环会停住，直到所有作业结束，还没开始的也算。
    """  # noqa: E501

    async def leave() -> bool:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            jobs = [pool.submit(workers.keep_busy) for _ in range(4)]
            assert not jobs[-1].running()  # it still waits
        return all(job.done() and not job.cancelled() for job in jobs)

    assert await turns_beside(leave()) == (0, True)


def test_a_pool_around_run_app_is_closed_outside_the_loop(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A coroutine below `asyncio.run`, or a handler below `web.run_app`, uses a pool of processes that is made before and closed after the event loop runs.

    `asyncio.run` 之下的协程、`web.run_app` 之下的处理函数用进程池计算；池在事件循环运行之前创建，运行结束之后关闭。
    """  # noqa: E501
    running: list[object] = []

    class Noting(ProcessPoolExecutor):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            running.append(asyncio._get_running_loop())

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            running.append(asyncio._get_running_loop())
            super().shutdown(wait, cancel_futures=cancel_futures)

    def here(pixels: bytes) -> bytes:
        raise AssertionError

    here.__module__, here.__qualname__ = pooled.invert.__module__, "invert"  # there the real one
    monkeypatch.setattr(pooled, "invert", here)
    monkeypatch.setattr(workers, "ProcessPoolExecutor", Noting)
    workers.main()
    assert capsys.readouterr().out.endswith("in a process runs: another process\n")
    assert running == [None, None]
    pooled.main()
    assert capsys.readouterr().out == "0 100 255 become 255 155 0\n"
    assert running == [None] * 4


async def test_a_process_takes_a_function_by_its_name() -> None:
    """A process of a pool is sent a function's name: it can run one at the top of a module or a method of a class, but no lambda and none inside another. It gets copies of the arguments, and no lock or generator.

    送到进程里的是函数的名字：模块顶层的函数、类的方法能执行，lambda 和函数里的函数不能。参数是副本，锁和生成器送不过去。
    """  # noqa: E501

    def inner() -> int:
        return 1

    assert b"getpid" in pickle.dumps(os.getpid)
    loop = asyncio.get_running_loop()
    with workers.build_pool() as pool:
        assert await loop.run_in_executor(pool, os.getpid) != os.getpid()
        for function, name in ((lambda: 1, "lambda"), (inner, "inner")):
            with pytest.raises((pickle.PicklingError, AttributeError), match=name):
                await loop.run_in_executor(pool, function)
        assert await loop.run_in_executor(pool, str.upper, "a") == "A"
        data = list[int]()
        await loop.run_in_executor(pool, list.append, data, 1)
        assert data == []
        for argument in (threading.Lock(), (number for number in data)):
            with pytest.raises(TypeError, match="cannot pickle"):
                await loop.run_in_executor(pool, id, argument)


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
async def test_a_spawned_process_imports_the_main_module(method: str, guarded: bool, tmp_path: Path) -> None:
    """A program that makes processes with "spawn" or "forkserver" fails, unless it does so below `if __name__ == "__main__"`.

    用 "spawn" 或 "forkserver" 创建进程的程序，不写在 `if __name__ == "__main__"` 下面就会失败。
    """  # noqa: E501
    lines = [
        "import multiprocessing, os",
        "from concurrent.futures import ProcessPoolExecutor",
        'if __name__ == "__main__":' if guarded else "if True:",
        f"    with ProcessPoolExecutor(1, multiprocessing.get_context({method!r})) as pool:",
        "        print(pool.submit(os.getpid).result() != os.getpid())",
    ]
    (tmp_path / "program.py").write_text("\n".join(lines))
    command = [sys.executable, str(tmp_path / "program.py")]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    works = guarded or method == "fork"  # which imports nothing
    assert (done.returncode == 0, "True" in done.stdout) == (works, works)
    assert ("bootstrapping phase" in done.stderr) is not works


def watch(mine: list[int], other: list[int], step: Callable[[], object], seconds: float) -> bool:
    """Count one's own steps, and say whether the other thread took one meanwhile."""
    before, end = len(other), time.perf_counter() + seconds
    while time.perf_counter() < end:
        step()
        mine.append(1)
        if len(other) > before:
            return True
    return False


@needs_gil
@pytest.mark.statement("S23")
async def test_two_threads_use_one_core() -> None:
    """A thread that need not hand over the GIL sees no step of another; where C code releases it, it does.

    线程若不被要求交出 GIL，就看不到另一个线程走一步；C 代码放开 GIL 时，就看得到。
    """
    data = bytes(4_000_000)

    def released() -> object:
        return hashlib.sha256(data).digest()

    def derived() -> object:
        return hashlib.pbkdf2_hmac("sha256", b"", b"", 20_000)

    async def both(step: Callable[[], object], seconds: float) -> tuple[bool, bool]:
        a, b = list[int](), list[int]()
        return await asyncio.gather(
            asyncio.to_thread(watch, a, b, step, seconds), asyncio.to_thread(watch, b, a, step, seconds)
        )

    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)
    try:
        assert not any(await both(lambda: None, 0.3))
        assert any(await both(released, 5))
        assert any(await both(derived, 5))
    finally:
        sys.setswitchinterval(interval)


@needs_gil
@pytest.mark.statement("S23")
async def test_a_computing_thread_shares_the_gil_with_the_loop() -> None:
    """The loop turns beside a computing thread only because that thread is made to hand over the GIL; after each wait the loop waits for that.

    线程在计算，事件循环还能转，只因为解释器让那个线程定时交出 GIL；事件循环每次等待之后，还要等到那时。
    """  # noqa: E501
    seen: list[int] = []
    turns = 0

    def compute() -> None:
        seen.append(turns)
        workers.keep_busy()
        seen.append(turns)

    work = asyncio.Event()

    async def tick() -> None:
        nonlocal turns
        while not work.is_set():
            turns += 1
            await asyncio.sleep(0)

    interval = sys.getswitchinterval()
    for seconds in (interval, 60):
        work.clear()
        beside = asyncio.create_task(tick())
        sys.setswitchinterval(seconds)
        try:
            await asyncio.to_thread(compute)
        finally:
            sys.setswitchinterval(interval)
        work.set()
        await beside
    assert seen[0] < seen[1]
    assert seen[2] == seen[3]
    alone = [await took(asyncio.sleep(0.001)) for _ in range(100)]
    beside_it: list[float] = []
    begun, measured = threading.Event(), threading.Event()

    def keep_busy() -> None:
        begun.set()
        while not measured.is_set():
            pass

    sys.setswitchinterval(0.05)
    computing = asyncio.ensure_future(asyncio.to_thread(keep_busy))
    try:
        await asyncio.to_thread(begun.wait)  # a busy machine starts a thread late
        # On a busy machine the thread has no processor for most of these waits, and so no GIL.
        while sum(wait > 0.04 for wait in beside_it) < 3 and len(beside_it) < 20_000:
            beside_it.append(await took(asyncio.sleep(0.001)))
    finally:
        measured.set()
        sys.setswitchinterval(interval)
    await computing
    assert min(alone) < 0.04 < sorted(beside_it)[-3]


@needs_gil
@pytest.mark.statement("S23")
async def test_a_long_call_of_c_code_stops_the_loop_from_a_thread(tmp_path: Path) -> None:
    """While `sum` runs or text is decoded at once in a thread the loop takes no turn; beside C code that releases the GIL it does.

    The lines of a file are read so; beside `read_text` the loop stops much longer.

    线程里执行 `sum` 或者一次解码全部文本时，事件循环一轮也不转；C 代码放开 GIL，它就转，例如逐行读文件。
    用 `read_text` 读同一个文件，事件循环停住的时间长得多。
    """  # noqa: E501
    turns: list[float] = []

    def in_c(function: Callable[..., object], *arguments: object) -> tuple[float, float]:
        """Call it, and return when it began and ended; no Python code runs in between."""
        clock = itertools.starmap(time.perf_counter, [(), ()])
        call = itertools.starmap(function, [arguments])
        began, _, ended = tuple(itertools.chain(itertools.islice(clock, 1), call, clock))
        assert isinstance(began, float)
        assert isinstance(ended, float)
        return began, ended

    async def tick() -> None:
        while True:
            turns.append(time.perf_counter())
            await asyncio.sleep(0)

    async def turned_beside(function: Callable[..., object], *arguments: object) -> bool:
        began, ended = await asyncio.to_thread(in_c, function, *arguments)
        return any(began < at < ended for at in turns)

    ticking = asyncio.create_task(tick())
    assert not await turned_beside(sum, range(3_000_000))
    assert not await turned_beside(("é" * 20_000_000).encode().decode)
    assert await turned_beside(hashlib.pbkdf2_hmac, "sha256", b"", b"", 300_000)
    path = tmp_path / "text"
    path.write_text(("é" * 50 + "\n") * 400_000, "utf-8")
    with path.open(encoding="utf-8") as lines:
        assert await turned_beside(collections.deque, lines, 0)

    def timed(read: Callable[[], object]) -> tuple[float, float]:
        began = time.perf_counter()
        read()
        return began, time.perf_counter()

    def by_lines() -> None:
        with path.open(encoding="utf-8") as lines:
            for _ in lines:
                pass

    async def longest_stop(read: Callable[[], object]) -> float:
        began, ended = await asyncio.to_thread(timed, read)
        return max(min(b, ended) - max(a, began) for a, b in itertools.pairwise(turns))

    whole, lined = [
        min([await longest_stop(read) for _ in range(3)])
        for read in (lambda: path.read_text("utf-8"), by_lines)
    ]
    assert whole > 2 * lined
    ticking.cancel()


class Mark:
    """Notes when it is pickled, and when it is made, for instance out of a pickle."""

    def __init__(self) -> None:
        self.at = time.perf_counter()

    def __reduce__(self) -> tuple[type, tuple[()]]:
        """Note when, and say how to make it."""
        self.at = time.perf_counter()
        return Mark, ()


@needs_gil
async def test_pickling_for_a_process_stops_the_loop() -> None:
    """While the pickle of a long list is written for a process, or read from one, the loop stops; in between it runs.

    给进程送很长的列表，或者从进程收回来，写 pickle、读 pickle 时事件循环停住；其间不停。
    """  # noqa: E501
    turns: list[float] = []

    async def tick() -> None:
        while True:
            turns.append(time.perf_counter())
            await asyncio.sleep(0)

    def longest(began: float, ended: float) -> float:
        """Return which part of a time the longest stop takes."""
        stops = [min(b, ended) - max(a, began) for a, b in itertools.pairwise(turns)]
        return max(stops) / (ended - began)

    loop, data = asyncio.get_running_loop(), (Mark(), list(range(5_000_000)), Mark())
    with workers.build_pool() as pool:
        await loop.run_in_executor(pool, copy.copy, data[0])  # the process has started
        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0)  # it takes its first turn
        back = await loop.run_in_executor(pool, copy.copy, data)
        await asyncio.sleep(0)
        ticking.cancel()
    assert longest(data[0].at, data[2].at) > 0.5
    assert longest(back[0].at, back[2].at) > 0.5
    assert longest(data[2].at, back[0].at) < 0.5


@pytest.mark.statement("S13")
async def test_debug_mode_logs_a_step_that_blocks(caplog: pytest.LogCaptureFixture) -> None:
    """In debug mode asyncio logs what kept the loop over 0.1 s, with the task's coroutine; otherwise nothing.

    调试模式下，哪个任务的一步占用事件循环超过 0.1 秒，asyncio 就记一条日志，写明最外层的协程；平时没有。
    """
    loop = asyncio.get_running_loop()
    loop.set_debug(False)
    await asyncio.create_task(ticker.sleep_badly())
    assert "asyncio" not in [record.name for record in caplog.records]
    loop.set_debug(True)
    try:
        await asyncio.create_task(ticker.sleep_badly())
    finally:
        loop.set_debug(False)
    (said,) = (record.getMessage() for record in caplog.records if record.name == "asyncio")
    assert said.startswith("Executing <Task")
    assert " took " in said
    assert "sleep_badly()" in said
    assert said.endswith(" seconds")
    assert loop.slow_callback_duration == 0.1
    loop.slow_callback_duration = 0.25  # on a busy machine other steps take long too

    async def outer() -> None:
        await ticker.sleep_badly()

    caplog.clear()
    async with TestClient(TestServer(clients.build_app())) as client:
        loop.set_debug(True)
        try:
            await asyncio.create_task(outer())
            await client.get("/blocking")
        finally:
            loop.set_debug(False)
    first, second = (record.getMessage() for record in caplog.records if record.name == "asyncio")
    assert "outer()" in first
    assert "sleep_badly" not in first
    assert "RequestHandler." in second
    assert "blocking" not in second
    caplog.clear()
    loop.set_debug(True)
    loop.slow_callback_duration = 60
    try:
        await asyncio.create_task(ticker.sleep_badly())
    finally:
        loop.set_debug(False)
    assert "asyncio" not in [record.name for record in caplog.records]
    code = (
        "import asyncio\nfrom snippets.asyncio.io_and_cpu import ticker\n"
        "async def main():\n    await asyncio.create_task(ticker.sleep_badly())\nasyncio.run(main()"
    )
    for argument, variable, logs in ((", debug=True", "", True), ("", "1", True), ("", "", False)):
        environment = {**os.environ, "PYTHONASYNCIODEBUG": variable}
        command = [sys.executable, "-c", f"{code}{argument})"]
        done = await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True
        )
        assert (done.returncode, "sleep_badly()" in done.stderr) == (0, logs)


@pytest.mark.statement("S22")
async def test_a_timeout_does_not_stop_the_thread() -> None:
    """When the await of a `to_thread` times out, its thread goes on regardless; a function without a thread never begins.

    等 `to_thread` 等到超时，线程不会停，函数继续执行；还没有等到线程的函数则不再开始。
    """  # noqa: E501
    go, done, begun = threading.Event(), threading.Event(), threading.Event()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))

    def job() -> None:
        go.wait(5)
        done.set()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.to_thread(job), 0.1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.to_thread(begun.set), 0.1)
    assert not done.is_set()
    go.set()
    assert await asyncio.to_thread(done.wait, 5)
    assert not begun.is_set()


async def test_a_program_ends_after_its_threads() -> None:
    """A program whose `to_thread` timed out ends only when the function in the thread has returned.

    `to_thread` 超时以后，线程里的函数返回了，程序才退出。
    """
    code = (
        "import asyncio, time\n"
        "def job():\n    time.sleep(1)\n    print('ended')\n"
        "async def main():\n"
        "    try:\n        await asyncio.wait_for(asyncio.to_thread(job), 0.1)\n"
        "    except TimeoutError:\n        print('timeout')\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert done.stdout.split() == ["timeout", "ended"]


async def test_a_function_waits_while_all_threads_of_the_pool_are_busy() -> None:
    """`to_thread` uses at most `min(32, cores + 4)` threads; the next function begins once one is free.

    `to_thread` 最多在 `min(32, 核数 + 4)` 个线程里调用函数；下一个要等其中一个空出来才开始。
    """
    cores = getattr(os, "process_cpu_count", os.cpu_count)() or 1
    free, begun = threading.Semaphore(0), queue.Queue[int]()

    def job(number: int) -> None:
        begun.put(number)
        assert free.acquire(timeout=10)

    limit = min(32, cores + 4)
    jobs = [asyncio.create_task(asyncio.to_thread(job, number)) for number in range(limit + 1)]
    await asyncio.sleep(0)
    assert sorted(begun.get(timeout=10) for _ in range(limit)) == list(range(limit))
    await asyncio.sleep(0.1)
    assert begun.empty()
    free.release()
    ended, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    assert (len(ended), begun.get(timeout=10)) == (1, limit)
    free.release(limit)
    await asyncio.gather(*jobs)


async def test_a_function_that_looks_at_an_event_can_be_stopped() -> None:
    """A function in a thread that looks at a `threading.Event` again and again ends after the event is set, by hand or in a `finally`, after a timeout or a cancel.

    线程里的函数如果反复查看一个 `threading.Event`，这个事件设置之后就会结束；在 `finally` 里设置，超时和取消之后都会结束。
    """  # noqa: E501
    stop, ended = threading.Event(), threading.Event()

    def job() -> None:
        while not stop.is_set():
            time.sleep(0.01)
        ended.set()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.to_thread(job), 0.1)
    assert not ended.is_set()
    stop.set()
    assert await asyncio.to_thread(ended.wait, 5)

    async def work() -> None:
        try:
            await asyncio.to_thread(job)
        finally:
            stop.set()

    for seconds in (0.1, None):  # a timeout, a cancel
        stop.clear()
        ended.clear()
        task = asyncio.create_task(asyncio.wait_for(work(), seconds))
        await asyncio.sleep(0.05)
        if seconds is None:
            task.cancel()
        with pytest.raises((TimeoutError, asyncio.CancelledError)):
            await task
        assert await asyncio.to_thread(ended.wait, 5)


def look_then_write(folder: Path, data: bytes, meanwhile: Callable[[], object]) -> None:
    """Take the first free name; something else may happen between looking and writing."""
    number = 0
    while (path := folder / f"{number}.png").exists():
        number += 1
    meanwhile()
    path.write_bytes(data)


@pytest.mark.statement("S13")
@pytest.mark.parametrize("way", ["straight", "threads", "await", "async for", "async with", "yield"])
async def test_threads_come_between_looking_and_writing(way: str, tmp_path: Path) -> None:
    """Without `await`, `async for`, `async with` and `yield`, looking for a free name and taking it stay together; with one of them, or in two threads, they do not.

    没有 `await`、`async for`、`async with`、`yield`，“找空名字”和“写进去”连在一起；有了其中一个，或者放进两个线程，就可能有别的插在中间，丢掉一个文件。
    """  # noqa: E501
    both = threading.Barrier(2)

    async def pauses() -> AsyncIterator[None]:
        await asyncio.sleep(0)
        yield

    async def in_two_steps(data: bytes) -> AsyncIterator[None]:
        path = tmp_path / ("1.png" if (tmp_path / "0.png").exists() else "0.png")
        yield
        path.write_bytes(data)

    async def upload(data: bytes) -> None:
        if way == "yield":
            async for _ in in_two_steps(data):
                await asyncio.sleep(0)  # the caller's, not the generator's
        elif way == "threads":
            await asyncio.to_thread(look_then_write, tmp_path, data, both.wait)
        elif way == "straight":
            look_then_write(tmp_path, data, lambda: time.sleep(0.1))
        else:
            path = tmp_path / ("1.png" if (tmp_path / "0.png").exists() else "0.png")
            if way == "await":
                await asyncio.sleep(0)
            elif way == "async for":
                async for _ in pauses():
                    pass
            else:
                async with asynccontextmanager(pauses)():
                    pass
            path.write_bytes(data)

    await asyncio.gather(upload(b"one"), upload(b"two"))
    assert (tmp_path / "0.png").exists()
    assert (tmp_path / "1.png").exists() == (way == "straight")


@pytest.mark.statement("S13")
async def test_exclusive_creation_loses_no_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened with `"xb"`, no file is written twice: many threads, or two at the same moment, one wanted name, nothing lost.

    用 `"xb"` 打开，不会互相覆盖：许多线程，或者两个线程在同一时刻，要同一个名字，一个文件也不丢。
    """  # noqa: E501
    data = [bytes([number]) for number in range(40)]
    names = await asyncio.gather(*(asyncio.to_thread(save.save, tmp_path, "cat.png", x) for x in data))
    assert [(tmp_path / name).read_bytes() for name in names] == data
    assert sorted(names) == sorted(["cat.png", *(f"cat ({number}).png" for number in range(1, 40))])
    both, waited, path_open = threading.Barrier(2), set[int](), Path.open

    def open_together(path: Path, mode: str) -> Any:
        """Let both threads be at their first `open` before one goes on."""
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            both.wait(10)
        return path_open(path, mode)

    monkeypatch.setattr(Path, "open", open_together)
    names = await asyncio.gather(*(asyncio.to_thread(save.save, tmp_path, "dog.png", x) for x in data[:2]))
    monkeypatch.undo()
    assert [(tmp_path / name).read_bytes() for name in names] == data[:2]
    assert sorted(names) == ["dog (1).png", "dog.png"]
