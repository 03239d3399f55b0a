"""Run a proof, which is a pytest test, in a web page: pytest and the proofs are in proofs.zip."""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest

from playground.python.memory_loop import memory_network
from playground.python.runner import outcome_of, reset_process
from playground.python.scheduler import collect_garbage, scheduler

# Modules that a page lacks. A proof that uses none of them can run, though its file imports them.
MISSING = ("coverage", "drawsvg", "mkdocs", "playwright", "yaml")
OPTIONS = (
    *("--quiet", "--color=no", "--no-header", "--tb=short", "--rootdir=."),
    *("-o", "addopts=", "-p", "pytest_asyncio.plugin"),
    # Without files that outlive a run, and without hooks on real threads and the collector.
    *(f"-pno:{name}" for name in ("cacheprovider", "faulthandler", "threadexception", "unraisableexception")),
)


class MissingModule(ModuleType):
    """A module that has every name, so that it can be imported; what the names stand for is of no use."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


class MissingFinder(MetaPathFinder, Loader):
    """Finds the modules of MISSING."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to import a module, if it is one of them."""
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in MISSING else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module."""
        return MissingModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is."""


class Run:
    """A plugin that knows the settings of pytest-timeout, which a page lacks, and how the proof ends."""

    outcome = "done"

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """Accept the setting in pyproject.toml."""
        parser.addini("timeout", "")

    def pytest_configure(self, config: pytest.Config) -> None:
        """Accept the mark."""
        config.addinivalue_line("markers", "timeout(seconds): not heeded")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what was not shown: a test that is skipped proves nothing."""
        if self.outcome == "done" and not report.passed:
            self.outcome = "failed"

    def pytest_exception_interact(self, call: pytest.CallInfo[Any]) -> None:
        """Note which limit of a page an error comes from."""
        assert call.excinfo
        self.outcome = outcome_of(call.excinfo.value)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note a deadlock."""
        self.outcome = outcome_of(excinfo.value)


def run_proof(name: str) -> str:
    """Run `tests.topic.test_page.test_fact` with all its parameters; return the outcome, as `runner.run`."""
    module, _, function = name.rpartition(".")
    reset_process()
    run = Run()
    args = [*OPTIONS, f"{module.replace('.', '/')}.py::{function}"]
    # As the code of a module: aiohttp's AppKey looks for one on the stack.
    main = {"__name__": "__main__", "main": pytest.main, "args": args, "plugins": [run]}
    finder = MissingFinder()
    sys.meta_path.append(finder)
    try:
        with memory_network():
            exec("code = main(args, plugins)", main)
    finally:
        sys.meta_path.remove(finder)
        for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] in ("tests", *MISSING)]:
            del sys.modules[loaded]
        scheduler.end_threads()
        collect_garbage()
        sys.stdout.flush()
        sys.stderr.flush()
    return "failed" if main["code"] and run.outcome == "done" else run.outcome
