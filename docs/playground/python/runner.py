"""Run a snippet, or the console's server, in a web page as `python -m` would."""

import asyncio
import errno
import gc
import importlib
import json
import logging
import mimetypes
import os
import runpy
import socket
import sys
import tempfile
import threading
import traceback
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

import worker  # the functions that browser/worker.js registers

from playground.python.memory_loop import memory_network
from playground.python.scheduler import Deadlock, ThreadsUnavailable, scheduler

HOME = Path("/home/pyodide")
DEFAULT_FILTERS = list(warnings.filters)
OUTCOMES: dict[type[BaseException], str] = {
    Deadlock: "deadlock",
    MemoryError: "memory",
    socket.gaierror: "network",
    ThreadsUnavailable: "threads",
}

# Of the console, while its server runs.
commands: asyncio.Queue[Any]
session_loop: asyncio.AbstractEventLoop


def run(path: str, source: str | None = None) -> str:
    """Run `snippets/<path>`, or the source that the reader made of it.

    Returns:
        The outcome: `done`, `failed`, or one of `OUTCOMES`; browser/words.js has a sentence for each.
    """
    file = HOME / "snippets" / path
    original = file.read_text("utf-8")
    try:
        if source is not None:
            file.write_text(source, "utf-8")
        reset_process()
        return run_as_main(path, file)
    finally:
        scheduler.end_threads()
        gc.collect()
        file.write_text(original, "utf-8")
        sys.stdout.flush()
        sys.stderr.flush()


def run_console(flags: str) -> str:
    """Run the console's server; it gets its commands by `receive` and ends with the worker.

    Args:
        flags: of the server, besides its port.

    Returns:
        The outcome, as of `run`, if it ends by itself.
    """
    reset_process()

    async def serve() -> None:
        # Here, since aiohttp takes time to import. The one line that names the console's server.
        from snippets.server.try_it.session import run_session

        global commands, session_loop
        commands, session_loop = asyncio.Queue(), asyncio.get_running_loop()
        words = "--port", "8188", *flags.split()
        await run_session(commands.get, lambda message: worker.postMessage(json.dumps(message)), *words)

    try:
        with memory_network():
            asyncio.run(serve())
    except BaseException as error:
        traceback.print_exception(error)
        return outcome_of(error)
    return "done"


def receive(message: str) -> None:
    """Pass a command from the page to the console's server."""
    session_loop.call_soon_threadsafe(commands.put_nowait, json.loads(message))


def outcome_of(error: BaseException) -> str:
    """Return which limit of a web page caused an error, or `failed` if none did."""
    cause: BaseException | None = error
    while cause:
        for kind, outcome in OUTCOMES.items():
            if isinstance(cause, kind):
                return outcome
        if isinstance(cause, OSError) and cause.errno == errno.ENETUNREACH:
            return "network"
        cause = cause.__cause__ or cause.__context__
    return "failed"


def run_as_main(path: str, file: Path) -> str:
    """Run a file as the main module, wait for its threads, and return the outcome."""
    name = ".".join(Path("snippets", path).with_suffix("").parts)
    try:
        with memory_network():
            try:
                runpy.run_module(name, run_name="__main__", alter_sys=True)
            finally:
                for thread in threading.enumerate():
                    if thread is not threading.main_thread() and not thread.daemon:
                        thread.join()
    except SystemExit as error:
        if error.code not in (None, 0):
            print(error.code, file=sys.stderr)
            return "failed"
    except BaseException as error:
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename != str(file):
            trace = trace.tb_next  # leave out this module's frames
        traceback.print_exception(error.with_traceback(trace))
        return outcome_of(error)
    return "done"


def reset_process() -> None:
    """Undo what an earlier run left behind: its modules, and what it set for the whole process."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "snippets"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    logging.disable(logging.NOTSET)
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    mimetypes.inited = False
    mimetypes.init()
    warnings.filters[:] = DEFAULT_FILTERS  # type: ignore[index]
    asyncio._set_running_loop(None)  # Pyodide's own
    os.chdir(HOME)
    tempfile.tempdir = None
    sys.argv[:] = [""]
    for stream in (sys.stdout, sys.stderr):
        cast(TextIOWrapper, stream).reconfigure(line_buffering=True)
