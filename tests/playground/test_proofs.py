"""The rule that tells which proofs can run in a web page."""

import re

import pytest

from playground.proofs import can_run, kinds
from tools.model import Project


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("tests.http.test_caching.test_a", "def test_a(): assert parse('x')", True),
        ("tests.http.test_caching.test_a", "def test_a(): subprocess.run('x')", False),
        ("tests.http.test_caching.test_a", "def test_a(): about_subprocess()", True),
        ("tests.git.test_describe.test_a", "def test_a(): assert parse('x')", False),
        ("tests.server.test_try_it.test_it_needs_no_network", "", False),
    ],
)
def test_a_word_or_the_name_tells(name: str, text: str, expected: bool) -> None:
    """A word counts where it begins, in the source and in the name; other proofs are named."""
    assert can_run(name, text) == expected


def test_the_list_has_nothing_too_many() -> None:
    """Each word finds a proof; each that is named exists, and no word finds it; three of four can run."""
    proofs = {name: f"{name}\n{proof.text}" for name, proof in Project().proofs().items()}
    words = [word for kind in kinds() for word in kind.get("words", ())]
    found = {word: {name for name, text in proofs.items() if re.search(rf"\b{word}", text)} for word in words}
    named = [name for kind in kinds() for name in kind.get("proofs", ())]
    assert [word for word, names in found.items() if not names] == []
    assert [
        name for name in named if name not in proofs or any(name in names for names in found.values())
    ] == []
    assert len(named) == len(set(named))
    able = [name for name, proof in Project().proofs().items() if can_run(name, proof.text)]
    assert len(able) >= 0.75 * len(proofs)
