"""What a proof of the server may leave behind."""

from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web

from snippets.recreation import nodes
from snippets.recreation.cli_args import args


@pytest.fixture(autouse=True)
def nodes_as_before() -> Iterator[None]:
    """Forget the nodes that a snippet has registered, as a node pack does."""
    before = dict(nodes.NODE_CLASS_MAPPINGS)
    yield
    nodes.NODE_CLASS_MAPPINGS.clear()
    nodes.NODE_CLASS_MAPPINGS.update(before)


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
