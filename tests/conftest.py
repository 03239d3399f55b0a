"""What a test may find or leave behind, and a small project for the checks."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser import FLAGS, find_browser
from tests.minimal_project import write_minimal_project
from tests.site.build_once import MEASURED
from tools.model import Project


def pytest_configure() -> None:
    """Hear Ctrl-C also where a shell has started this in the background: some snippets send it themselves."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than there are cores: a proof often waits, for a socket, a clock or a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def base_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def site_from_the_start(request: pytest.FixtureRequest, base_of_run: Path) -> Iterator[None]:
    """Build the site while the proofs run, so that no worker waits for it."""
    first = os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"
    if not (first and any("site" in getattr(item, "fixturenames", ()) for item in request.session.items)):
        yield
        return
    with subprocess.Popen(
        [sys.executable, "-m", "tests.site.build_once", base_of_run], stderr=subprocess.DEVNULL
    ):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no check of the site, which would double its time: none alone runs a line of a snippet.

    A proof in a browser runs on the loop on which that was started.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if item.path.parent.name in ("site", "tools"):
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure no process that checks of the site start."""
    if request.path.parent.name in ("playground", "site", "tools"):
        for name in MEASURED:
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def logging_again() -> Iterator[None]:
    """Let the next test log as if alone: a snippet's main() may have disabled it, or added a handler."""
    before = {logger: (logger.level, logger.handlers[:]) for logger in loggers()}
    yield
    logging.disable(logging.NOTSET)
    for logger in loggers():
        level, handlers = before.get(logger, (logging.NOTSET, []))
        logger.setLevel(level)
        for handler in logger.handlers[:]:
            if handler not in handlers:
                logger.removeHandler(handler)


def loggers() -> list[logging.Logger]:
    """Return all loggers that there are, the root first."""
    named = logging.root.manager.loggerDict.values()
    return [logging.root, *(logger for logger in named if isinstance(logger, logging.Logger))]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start the installed Chromium, once; each `new_page` remembers nothing of another."""
    path = find_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def minimal_project(tmp_path: Path) -> Project:
    """Write the small project, for a check to refuse once one thing in it is broken."""
    return write_minimal_project(tmp_path)
