"""Citations and proofs match, and each way for them to part is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import proofs
from tools.model import Project


def test_proofs() -> None:
    """Citations, proofs and statements match."""
    assert_none(proofs.problems(Project()))


PAGE, PROOF = "docs/en/demo/echo.md", "tests/demo/test_echo.py"
GUARDS: dict[str, Guard] = {
    "renamed proof": (PROOF, "def test_echo_returns", "def test_echo_answers", "there is no such proof"),
    "uncited proof": (PROOF, "@pytest", "def test_lone(): ...\n\n\n@pytest", "test_lone: no page cites it"),
    "bare citation": (PAGE, "{ .proof }", "", "a ✓ is not written"),
    "no Chinese": (PROOF, "回声返回原词。", "", "its docstring must be"),
    "no English": (PROOF, "An echo returns its word.\n\n", "", "its docstring must be"),
    "unknown statement": (PROOF, '"S1"', '"S99"', "there is no statement ['S99']"),
    "unsettled statement": (PROOF, '    "S2",\n', "", "no proof is marked with S2"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each way for a claim and its proof to part is named."""
    assert_refuses(proofs.problems, minimal_project, guard)
