"""Show what is said to a flag that nobody knows."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import NoReturn

from snippets.server.recreation.flags import folder, megabytes, port


# --8<-- [start:parser]
class OneLineParser(argparse.ArgumentParser):
    """Says in one line what is wrong, without the usage."""

    def error(self, message: str) -> NoReturn:
        """End the process with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the flags that are rebuilt, with the real defaults.

    Source: ComfyUI v0.3.10, comfy/cli_args.py 39–49 and 171–176.
    """
    parser = OneLineParser(prog="python -m snippets.server")
    add = parser.add_argument
    everywhere = "0.0.0.0,::"
    add("--listen", default="127.0.0.1", nargs="?", const=everywhere)
    add("--port", type=port, default=8188)
    for kind in ("input", "output", "temp"):
        add(f"--{kind}-directory", type=folder)
    add("--front-end-root", type=folder)
    add("--enable-cors-header", metavar="ORIGIN", nargs="?", const="*")
    add("--max-upload-size", type=megabytes, default=100)
    add("--tls-keyfile", type=Path)
    add("--tls-certfile", type=Path)
    return parser


# --8<-- [end:parser]
def main() -> None:
    parser = build_parser()
    given = vars(parser.parse_args(["--listen", "--port", "80"]))
    for name, value in given.items():
        print(f"{name:19}{value}")
    with (
        contextlib.redirect_stderr(sys.stdout),
        contextlib.suppress(SystemExit),
    ):
        parser.parse_args(["--prot", "80"])


if __name__ == "__main__":
    main()
