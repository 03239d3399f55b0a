"""How the server starts, and the thread that runs the prompts."""

import asyncio
import logging
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from snippets.recreation import (
    execution,
    folder_paths,
    model_management,
    server,
    utils,
)
from snippets.recreation.cli_args import args, set_args

PromptServer = server.PromptServer
Started = tuple[
    asyncio.AbstractEventLoop,
    PromptServer,
    Callable[[], Awaitable[None]],
]


# --8<-- [start:prompt_worker]
def prompt_worker(
    q: execution.PromptQueue, server_instance: PromptServer
) -> None:
    """Run prompts, the lowest first, until the flag `stop` is set.

    Source: ComfyUI v0.3.10, main.py 154–207.
    """
    # ComfyUI: no stop; a wait of 1,000 s; models unloaded by flags.
    e = execution.PromptExecutor(server_instance)
    flags: dict[str, Any] = {}
    while "stop" not in flags:
        # not for ever: a flag set just before this call would
        # otherwise be seen only with the next prompt
        if queue_item := q.get(timeout=0.2):
            item, item_id = queue_item
            prompt_id = item[1]
            server_instance.last_prompt_id = prompt_id
            e.execute(item[2], prompt_id, item[3], item[4])
            status = execution.PromptQueue.ExecutionStatus(
                status_str="success" if e.success else "error",
                completed=e.success,
                messages=e.status_messages,
            )
            q.task_done(item_id, e.history_result, status)
            if (client := server_instance.client_id) is not None:
                done = {"node": None, "prompt_id": prompt_id}
                server_instance.send_sync("executing", done, client)
        flags = q.get_flags()


# --8<-- [end:prompt_worker]
# --8<-- [start:hijack_progress]
def hijack_progress(server_instance: PromptServer) -> None:
    """Have nodes report progress to clients, and end if interrupted.

    Source: ComfyUI v0.3.10, main.py 217–226.
    """

    def hook(value: int, total: int, preview_image: Any) -> None:
        model_management.throw_exception_if_processing_interrupted()
        client_id = server_instance.client_id
        progress = {
            "value": value,
            "max": total,
            "prompt_id": server_instance.last_prompt_id,
            "node": server_instance.last_node_id,
        }
        server_instance.send_sync("progress", progress, client_id)
        if preview_image is not None:
            event = server.BinaryEventTypes.UNENCODED_PREVIEW_IMAGE
            server_instance.send_sync(event, preview_image, client_id)

    utils.set_progress_bar_global_hook(hook)


# --8<-- [end:hijack_progress]
async def run(
    server_instance: PromptServer, address: str, port: int
) -> None:
    """Listen at every address, and send messages until one raises.

    Source: ComfyUI v0.3.10, main.py 210–214.
    """
    addresses = [(one, port) for one in address.split(",")]
    await asyncio.gather(
        server_instance.start_multi_address(addresses),
        server_instance.publish_loop(),
    )


def start_comfyui(root: Path) -> Started:
    """Build the server and start its worker; nothing listens yet.

    Args:
        root: the folder of those that no flag names.

    Returns:
        The event loop, the server, and a function to serve with.

    Source: ComfyUI v0.3.10, main.py 235–299.
    """
    make_folders(root)
    loop = asyncio.new_event_loop()
    prompt_server = PromptServer(loop)
    q = execution.PromptQueue(prompt_server)
    prompt_server.add_routes()
    hijack_progress(prompt_server)
    threading.Thread(
        target=prompt_worker, daemon=True, args=(q, prompt_server)
    ).start()

    async def start_all() -> None:
        await prompt_server.setup()
        await run(prompt_server, args.listen, args.port)

    return loop, prompt_server, start_all


def make_folders(root: Path) -> None:
    """Make the folders that the flags leave out."""
    temp = args.temp_directory and args.temp_directory / "temp"
    set_input = folder_paths.set_input_directory
    set_output = folder_paths.set_output_directory
    set_input(args.input_directory or root / "input")
    set_output(args.output_directory or root / "output")
    folder_paths.set_temp_directory(temp or root / "temp")
    for directory in folder_paths.directories.values():
        directory.mkdir(exist_ok=True)
    folder_paths.set_models_directory(root / "models")


def main(words: list[str]) -> None:
    """Serve with these flags; new folders are gone afterwards.

    Raises:
        SystemExit: it cannot be served so; the text says why.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    set_args(words)
    with tempfile.TemporaryDirectory() as root:
        try:
            event_loop, _, start_all = start_comfyui(Path(root))
            event_loop.run_until_complete(start_all())
        except KeyboardInterrupt:
            logging.info("stopped")
        except (OSError, UnicodeError) as error:
            where = f"{args.listen}:{args.port}"
            raise SystemExit(
                f"cannot serve {where}: {describe_error(error)}"
            ) from None


def describe_error(error: OSError | UnicodeError) -> str:
    """Return the reason in the system's own words, if it has any."""
    if isinstance(error, UnicodeError):  # no name of a host
        return str(error)
    foreign = isinstance(error, (ssl.SSLError, socket.gaierror))
    if foreign or error.errno is None:
        return error.strerror or str(error)
    text = os.strerror(error.errno)
    return f"{text}: {error.filename}" if error.filename else text
