"""What a proof of the server may leave behind."""

from collections.abc import AsyncIterator, Iterator
from importlib import import_module

import pytest
from aiohttp import web

from snippets.recreation.cli_args import args


@pytest.fixture(autouse=True)
def nodes_as_before() -> Iterator[None]:
    """Forget the nodes and folders that a snippet has registered, as a node pack does."""
    nodes = import_module("snippets.recreation.nodes")  # with COMFYUI set, the real one
    registered = nodes.NODE_CLASS_MAPPINGS, nodes.EXTENSION_WEB_DIRS
    before = [dict(names) for names in registered]
    yield
    for names, earlier in zip(registered, before, strict=True):
        names.clear()
        names.update(earlier)


@pytest.fixture
def no_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without the flags of an earlier test; they hold for the whole process."""
    for name in ("enable_cors_header", "tls_keyfile", "tls_certfile"):
        monkeypatch.setattr(args, name, None)


@pytest.fixture
async def runners(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[web.AppRunner]]:
    """Yield the list to which each runner is added that is set up; stop them afterwards."""
    found: list[web.AppRunner] = []
    setup = web.AppRunner.setup

    async def note(runner: web.AppRunner) -> None:
        found.append(runner)
        await setup(runner)

    monkeypatch.setattr(web.AppRunner, "setup", note)
    yield found
    for runner in found:
        await runner.cleanup()
