"""The re-creation, run for a test: in the test's folder, on a free port."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from aiohttp import web
from snippets.server.recreation.local import running
from snippets.server.recreation.options import read_settings
from snippets.server.recreation.part import build


def serving(flags: list[str], root: Path) -> AbstractAsyncContextManager[web.AppRunner]:
    """Run the server with these flags; folders that they leave out are made below `root`."""
    return running(build(read_settings(root, ["--port", "0", *flags])))
