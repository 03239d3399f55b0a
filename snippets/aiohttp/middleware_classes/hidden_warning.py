"""Show which options of Python show the warning."""

import asyncio
import os
import shlex
import subprocess
import sys

from aiohttp.test_utils import TestServer

from snippets.aiohttp.middleware_classes.unmarked_class import build_app

# --8<-- [start:options]
OPTIONS = ("", "-W default", '-W "error:old-style middleware"')
# --8<-- [end:options]
START = """
from snippets.aiohttp.middleware_classes.hidden_warning import start
start()
"""


def start() -> None:
    """Start a server behind an unmarked class, and stop it."""

    async def serve() -> None:
        async with TestServer(build_app()):
            print("started")

    asyncio.run(serve())


def run_start(options: str) -> tuple[str, str]:
    """Run `start` in a new Python; return its stdout and stderr."""
    done = subprocess.run(
        [sys.executable, *shlex.split(options), "-c", START],
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
    )
    return done.stdout, done.stderr


def main() -> None:
    # --8<-- [start:main]
    for options in OPTIONS:
        output, errors = run_start(options)
        result = "starts" if output else "stops"
        warning = "a" if "old-style middleware" in errors else "no"
        print(f"python {options:32} {result}, {warning} warning")
    # --8<-- [end:main]


if __name__ == "__main__":
    main()
