"""What a proof of the server may leave behind."""

from collections.abc import Iterator

import pytest

from snippets.recreation import nodes


@pytest.fixture(autouse=True)
def nodes_as_before() -> Iterator[None]:
    """Forget the nodes that a snippet has registered, as a node pack does."""
    before = dict(nodes.NODE_CLASS_MAPPINGS)
    yield
    nodes.NODE_CLASS_MAPPINGS.clear()
    nodes.NODE_CLASS_MAPPINGS.update(before)
