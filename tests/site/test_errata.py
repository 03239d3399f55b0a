"""The errata list every statement of the original notes that is not simply true, each with its proof."""

import re
from collections.abc import Iterator

import pytest
from tools.model import CITATION, Page, Project

from tests.site.small import break_file
from tests.site.test_proofs import NOTES

ROW = re.compile(r"^\| (S\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
SIMPLY_TRUE = {"S10", "S12", "S16", "S19", "S21", "S37", "S38", "S41", "S42", "S52", "S57"}


def problems(project: Project) -> Iterator[str]:
    """Say which rows are missing, out of order, or without a proof of that very statement."""
    proofs = project.proofs()
    expected = [number for number in NOTES if number not in SIMPLY_TRUE]
    for pages in (project.pages("zh"), project.pages("en")):
        page: Page = pages["errata"]
        rows = ROW.findall(page.source)
        numbers = [number for number, _, _ in rows]
        if numbers != expected:
            wrong = sorted(set(numbers) ^ set(expected)) or "the order"
            yield f"{page.name}: must list the {len(expected)} statements in order; look at {wrong}"
        for number, _, truth in rows:
            cited = CITATION.findall(truth)
            if not any(number in proofs[name].statements for name in cited if name in proofs):
                yield f"{page.name}: {number} needs a ✓ to a proof marked with {number}; it has {cited}"


def test_errata() -> None:
    """Both tables are complete and proven."""
    assert not (found := list(problems(Project()))), "\n".join(found)


@pytest.fixture
def with_errata(tiny: Project) -> Project:
    """Add errata that pass to the small project."""
    expected = [number for number in NOTES if number not in SIMPLY_TRUE]
    marks = ", ".join(f'"{number}"' for number in expected)
    break_file(tiny, PROOF, '"S1"', marks)
    cite = "[✓][tests.demo.test_echo.test_echo_returns]{ .proof }"
    rows = "\n".join(f"| {number} | said | true {cite} |" for number in expected)
    for language in ("zh", "en"):
        break_file(tiny, f"docs/{language}/errata.md", "", f"# Errata {{ #errata }}\n\n{rows}\n")
    return tiny


PAGE, PROOF = "docs/en/errata.md", "tests/demo/test_echo.py"
GUARDS = {
    "lost row": (PAGE, "| S7 | said", "S7", "look at ['S7']"),
    "true statement": (PAGE, "| S7 |", "| S10 |", "look at ['S10', 'S7']"),
    "no proof": (PAGE, "[✓][tests.demo.test_echo.test_echo_returns]{ .proof }", "", "S1 needs a ✓"),
    "foreign proof": (PROOF, '"S8", ', "", "S8 needs a ✓ to a proof marked with S8"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, with_errata: Project) -> None:
    """Each way for the errata to be wrong is named."""
    assert list(problems(with_errata)) == []
    break_file(with_errata, file, old, new)
    assert message in "\n".join(problems(with_errata))
