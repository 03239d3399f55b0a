"""The server for as long as a block lasts; ours, not ComfyUI's."""

import asyncio
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp import ClientSession

from snippets.recreation import execution, main, nodes
from snippets.recreation.cli_args import WEB, args, set_args
from snippets.recreation.server import PromptServer

SMALL_PROMPT: dict[str, Any] = {
    "1": {"class_type": "Fail", "inputs": {"message": ""}}
}


def example_prompt() -> dict[str, Any]:
    """Return the prompt that the front page sends: a whole picture."""
    prompt: dict[str, Any] = json.loads(
        (WEB / "prompt.json").read_text("utf-8")
    )
    return prompt


class Serving(NamedTuple):
    """A server that runs, a client of it, and what moves in it."""

    server: PromptServer
    client: ClientSession  # its addresses begin at the server's
    address: tuple[str, int]  # host and port
    worker: threading.Thread | None
    publishing: asyncio.Task[None] | None


@contextmanager
def flags_set(words: list[str]) -> Iterator[None]:
    """Set flags, which hold for the whole process; then none."""
    set_args(words)
    try:
        yield
    finally:
        set_args([])


# --8<-- [start:serving]
@asynccontextmanager
async def serving(
    *flags: str,
    server_class: type[PromptServer] = PromptServer,
    prepare: Callable[[PromptServer], object] | None = None,
    worker: bool = True,
    publish: bool = True,
    root: Path | None = None,
) -> AsyncIterator[Serving]:
    """Run the server on a free port, flags as on the command line.

    Args:
        flags: `--enable-cors-header`, `--port 8188` …
        server_class: another class of server, to try a repair.
        prepare: gets the server before its routes are added.
        worker: whether prompts are run.
        publish: whether messages leave `server.messages`.
        root: where its folders are; None means a temporary folder.
    """
    words = ["--port", "0", *flags]
    with flags_set(words), tempfile.TemporaryDirectory() as name:
        main.make_folders(root or Path(name))
        server = server_class(asyncio.get_running_loop())
        execution.PromptQueue(server)
        if prepare:
            prepare(server)
        server.add_routes()
        main.hijack_progress(server)
        async with running(server, worker, publish) as served:
            yield served


# --8<-- [end:serving]
# --8<-- [start:running]
@asynccontextmanager
async def running(
    server: PromptServer, worker: bool, publish: bool
) -> AsyncIterator[Serving]:
    """Start what moves in a server, then end it all."""
    queue, thread, task = server.prompt_queue, None, None
    if worker:
        work, given = main.prompt_worker, (queue, server)
        thread = threading.Thread(target=work, args=given, daemon=True)
        thread.start()
    if publish:
        task = asyncio.create_task(server.publish_loop())
    addresses = [(one, args.port) for one in args.listen.split(",")]
    runner = await server.start_multi_address(addresses)
    host, port = runner.addresses[0][:2]
    shown = f"[{host}]" if ":" in host else host
    client = ClientSession(f"http://{shown}:{port}")
    try:
        yield Serving(server, client, (host, port), thread, task)
    finally:
        queue.set_flag("stop", True)
        nodes.interrupt_processing()  # whatever runs
        if thread:
            await asyncio.to_thread(thread.join)
        nodes.interrupt_processing(False)
        if task:
            task.cancel()
            await asyncio.wait([task])
        await client.close()  # nothing is sent to it any more
        await runner.cleanup()


# --8<-- [end:running]
