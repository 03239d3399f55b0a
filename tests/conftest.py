"""The two flags that rewrite what the tests compare, and what a test may find or leave behind."""

import logging
import signal
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--write-outputs` and `--confirm-pairs`."""
    parser.addoption(
        "--write-outputs", action="store_true", help="rewrite every snippet's .out instead of comparing"
    )
    parser.addoption(
        "--confirm-pairs",
        action="store_true",
        help="record that the Chinese and the English text were read side by side and say the same",
    )


def pytest_configure() -> None:
    """Hear Ctrl-C also where a shell has started this in the background: some snippets send it themselves."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def logging_again() -> Iterator[None]:
    """Let the next test log: a snippet's main() may have called `logging.disable()`."""
    yield
    logging.disable(logging.NOTSET)
