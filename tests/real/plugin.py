"""With `COMFYUI=/path/to/clone`, pytest runs the proofs of the server pages on the real, unmodified ComfyUI.

Loaded by `addopts` in pyproject.toml, so that the real modules are in place before a test is imported.
`COMFYUI=/path/to/clone@master` names another commit than v0.3.10; a folder that is no clone is taken as
it is.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.real import swaps
from tests.real.checkout import TAG, Checkout, load
from tests.real.record import Recorder

COMFYUI = os.environ.get("COMFYUI")
SUITE = "tests/server", "tests/real"  # what runs on the real files


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option."""
    parser.addoption(
        "--write-witness",
        action="store_true",
        help="record in tests/real/witness.json which proofs pass on the real files (needs COMFYUI)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Put the real modules in the place of `snippets.recreation`'s."""
    config.addinivalue_line("markers", "ours(why): about the re-creation, a library or the site, not ComfyUI")
    config.addinivalue_line(
        "markers", "document(source): proven from a text: a norm, a change log, the source"
    )
    writes = config.getoption("--write-witness")
    if not COMFYUI:
        if writes:
            raise pytest.UsageError("--write-witness needs COMFYUI=/path/to/clone")
        return
    if writes and (hasattr(config, "workerinput") or config.getoption("numprocesses", None)):
        raise pytest.UsageError("--write-witness runs in one process: leave out -n")
    checkout = swap(COMFYUI)
    # Two handlers of v0.3.10 are plain functions, of which aiohttp warns.
    config.addinivalue_line("filterwarnings", "ignore:Bare functions:DeprecationWarning")
    if writes:
        config.pluginmanager.register(Recorder(checkout, config.rootpath))


@cache
def swap(comfyui: str) -> Checkout:
    """Put the real modules in the place of the re-creation's, once; return where they come from."""
    place, _, revision = comfyui.partition("@")
    checkout = Checkout(Path(place), revision or TAG)
    swaps.apply(load(checkout))
    return checkout


def pytest_report_header() -> str | None:
    """Say what the proofs run on."""
    return f"on the real ComfyUI: {COMFYUI}" if COMFYUI else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the proofs of the server pages, and skip what is not about ComfyUI."""
    if not COMFYUI:
        return
    kept = [item for item in items if item.nodeid.startswith(SUITE)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    for item in items:
        if mark := item.get_closest_marker("ours"):
            item.add_marker(pytest.mark.skip(reason=mark.args[0]))
