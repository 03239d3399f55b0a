"""Citations and proofs match, and each way for them to part is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses
from tools.checks import proofs
from tools.model import Project, Proof


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
    "Chinese first": (
        PROOF,
        "An echo returns its word.\n\n    回声返回原词。",
        "回声返回原词。\n\n    An echo returns its word.",
        "its docstring must be",
    ),
    "unknown statement": (PROOF, '"S1"', '"S99"', "there is no statement ['S99']"),
    "unsettled statement": (PROOF, '    "S2",\n', "", "no proof is marked with S2"),
}


def test_a_statement_may_have_two_paragraphs() -> None:
    """What follows the first is of its language."""
    docstring = "It listens.\n\nBy default on\nloopback.\n\n它监听端口。\n\n默认是回环地址。"
    proof = Proof("tests.a.test_b", docstring, (), "", "")
    assert proof.sentence("en") == "It listens. By default on loopback."
    assert proof.sentence("zh") == "它监听端口。 默认是回环地址。"


def test_the_mark_of_statements_is_not_shown(minimal_project: Project) -> None:
    """It names what the notes once said, which no reader of a proof knows; what else is marked is shown."""
    marked = [proof for proof in minimal_project.proofs().values() if proof.statements]
    assert marked
    assert not any("statement" in proof.code for proof in marked)
    assert any("@pytest.mark.parametrize" in proof.code for proof in Project().proofs().values())


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """Each way for a claim and its proof to part is named."""
    assert_refuses(proofs.problems, minimal_project, guard)
