"""What a test may find or leave behind, and a small project for the checks."""

import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.minimal_project import write_minimal_project
from tools.model import Project


def pytest_configure() -> None:
    """Hear Ctrl-C also where a shell has started this in the background: some snippets send it themselves."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def logging_again() -> Iterator[None]:
    """Let the next test log: a snippet's main() may have called `logging.disable()`."""
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def minimal_project(tmp_path: Path) -> Project:
    """Write the small project, for a check to refuse once one thing in it is broken."""
    return write_minimal_project(tmp_path)
