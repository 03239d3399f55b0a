"""The flags of the command line, and what they were set to."""

import argparse
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

WEB = Path(__file__).parent / "web"


# --8<-- [start:args]
@dataclass
class Args:
    """What the command line says; every module reads the same one.

    Source: ComfyUI v0.3.10, comfy/cli_args.py 36–50 and 171–176.
    """

    listen: str = "127.0.0.1"  # several, separated by commas
    port: int = 8188
    enable_cors_header: str | None = None
    max_upload_size: float = 100  # MB of 2**20 bytes; 0: no limit
    tls_keyfile: Path | None = None
    tls_certfile: Path | None = None
    input_directory: Path | None = None
    output_directory: Path | None = None
    temp_directory: Path | None = None
    front_end_root: Path = WEB  # ComfyUI: None means a package's


args = Args()


# --8<-- [end:args]
def set_args(words: list[str]) -> None:
    """Set `args` from a command line, each time anew.

    Raises:
        SystemExit: a flag is wrong, or one of two that go together
            is missing.
    """
    # ComfyUI: set once, when the module is imported.
    parser = build_parser()
    vars(args).update(vars(Args()), **vars(parser.parse_args(words)))
    if (args.tls_keyfile is None) != (args.tls_certfile is None):
        # ComfyUI: no complaint, and no TLS.
        parser.error("--tls-keyfile and --tls-certfile go together")


class OneLineParser(argparse.ArgumentParser):
    """Says in one line what is wrong, without the usage."""

    def error(self, message: str) -> NoReturn:
        """End the process with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the flags that are rebuilt, with the real defaults.

    Source: ComfyUI v0.3.10, comfy/cli_args.py 39–49 and 171–176.
    """
    parser = OneLineParser(
        prog="python -m snippets.recreation",
        argument_default=argparse.SUPPRESS,
    )
    add = parser.add_argument
    add("--listen", nargs="?", const="0.0.0.0,::")
    add("--port", type=port)
    for kind in ("input", "output", "temp"):
        add(f"--{kind}-directory", type=folder)
    add("--front-end-root", type=folder)
    add("--enable-cors-header", metavar="ORIGIN", nargs="?", const="*")
    add("--max-upload-size", type=megabytes)
    add("--tls-keyfile", type=Path)
    add("--tls-certfile", type=Path)
    return parser


def folder(name: str) -> Path:
    """Return the absolute path of a folder that is there."""
    path = Path(os.path.abspath(name))  # noqa: PTH100 - without ".."
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{name} is no folder")
    return path


def port(text: str) -> int:
    """Return the number of a port; 0 means a free one."""
    # ComfyUI: any integer; what is no port fails at the bind.
    if not (text.isdecimal() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return int(text)


def megabytes(text: str) -> float:
    """Return a size that is neither negative nor endless."""
    # ComfyUI: any float.
    size = float(text)
    if not 0 <= size * 2**20 < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no size")
    return size
