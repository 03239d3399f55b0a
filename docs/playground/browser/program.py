"""Run a snippet in a browser's page as `python -m` would."""

import asyncio
import errno
import gc
import importlib
import json
import logging
import mimetypes
import os
import re
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

import page
import turns
from memory_loop import memory_network

FOLDER = Path("/home/pyodide")
FILTERS = list(warnings.filters)


def run(path: str, source: str | None = None) -> str:
    """Run `snippets/<path>`, or what the reader made of it.

    Returns:
        How it ended: `done`, `failed`, `deadlock`, `memory`, `network` or `threads`; panel.js has the words.
    """
    file = FOLDER / "snippets" / path
    tested = file.read_text("utf-8")
    try:
        if source is not None:
            file.write_text(source, "utf-8")
        forget()
        return execute(path, file)
    finally:
        turns.turn.end()
        gc.collect()
        file.write_text(tested, "utf-8")
        sys.stdout.flush()
        sys.stderr.flush()


inbox: asyncio.Queue[str] = asyncio.Queue()
converser: list[asyncio.AbstractEventLoop] = []  # the loop of a conversation, while there is one


def talk() -> str:
    """Run the server of `snippets/server/try_it`, which the page speaks with, until the page ends it.

    Returns:
        How it ended, where the page did not end it, as of `run`.
    """
    forget()

    async def converse() -> None:
        converser.append(asyncio.get_running_loop())
        module = importlib.import_module("snippets.server.try_it.session")
        await module.run_session(receive, lambda message: page.tell(json.dumps(message)))

    async def receive() -> Any:
        return json.loads(await inbox.get())

    try:
        with memory_network():
            asyncio.run(converse())
    except BaseException as error:
        traceback.print_exception(error)
        return how_it_failed(error)
    return "done"


def hear(message: str) -> None:
    """Take what the page says to the server."""
    converser[-1].call_soon_threadsafe(inbox.put_nowait, message)


def needs_libraries(path: str, source: str | None) -> bool:
    """Tell whether a snippet may import aiohttp: by itself, or through another snippet."""
    text = source if source is not None else (FOLDER / "snippets" / path).read_text("utf-8")
    return bool(re.search(r"^\s*(from|import) (aiohttp|yarl|multidict|attr|snippets)", text, re.M))


def how_it_failed(error: BaseException) -> str:
    """Tell the failures that are the page's from the program's own."""
    known = {turns.Deadlock: "deadlock", MemoryError: "memory", socket.gaierror: "network"}
    cause: BaseException | None = error
    while cause:
        for kind, how in known.items():
            if isinstance(cause, kind):
                return how
        if isinstance(cause, OSError) and cause.errno == errno.ENETUNREACH:
            return "network"
        if str(cause) == turns.CANNOT:
            return "threads"
        cause = cause.__cause__ or cause.__context__
    return "failed"


def execute(path: str, file: Path) -> str:
    """Run a file as the main module, wait for its threads, and say how it ended."""
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
            trace = trace.tb_next  # what stands above the snippet is ours
        traceback.print_exception(error.with_traceback(trace))
        return how_it_failed(error)
    return "done"


def forget() -> None:
    """Leave nothing of an earlier run: its modules, and what it set for the whole process."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "snippets"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    logging.disable(logging.NOTSET)
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    mimetypes.inited = False
    mimetypes.init()
    warnings.filters[:] = FILTERS  # type: ignore[index]
    asyncio._set_running_loop(None)  # Pyodide's own
    os.chdir(FOLDER)
    tempfile.tempdir = None
    sys.argv[:] = [""]
    for stream in (sys.stdout, sys.stderr):
        cast(TextIOWrapper, stream).reconfigure(line_buffering=True)
