"""Both tables of errata are complete and proven, and each gap in them is named."""

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses, replace_text
from tools.checks import errata
from tools.model import Project


def test_errata() -> None:
    """Both tables are complete and proven."""
    assert_none(errata.problems(Project()))


@pytest.fixture
def with_errata(minimal_project: Project) -> Project:
    """Add errata that pass to the small project."""
    cite = "[✓][tests.demo.test_echo.test_echo_returns]{ .proof }"
    rows = "\n".join(f"| {number} | said | true {cite} |" for number in errata.EXPECTED)
    for language in ("zh", "en"):
        replace_text(minimal_project, f"docs/{language}/errata.md", "", f"# Errata {{ #errata }}\n\n{rows}\n")
    return minimal_project


PAGE, PROOF = "docs/en/errata.md", "tests/demo/test_echo.py"
GUARDS: dict[str, Guard] = {
    "lost row": (PAGE, "| S7 | said", "S7", "look at ['S7']"),
    "true statement": (PAGE, "| S7 |", "| S10 |", "look at ['S10', 'S7']"),
    "no proof": (PAGE, "[✓][tests.demo.test_echo.test_echo_returns]{ .proof }", "", "S1 needs a ✓"),
    "foreign proof": (PROOF, '    "S8",\n', "", "S8 needs a ✓ to a proof marked with S8"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, with_errata: Project) -> None:
    """Each way for the errata to be wrong is named."""
    assert_refuses(errata.problems, with_errata, guard)
