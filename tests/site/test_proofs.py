"""Every ✓ leads to a proof, every proof is cited, and each states its fact in both languages."""

import re
from collections.abc import Iterator

import pytest
from tools.model import Project

from tests.site.small import break_file

HAN = re.compile(r"[\u4e00-\u9fff]")
NOTES = [f"S{number}" for number in range(1, 58)]
BEYOND = [f"B{number}" for number in range(1, 41)]  # facts beyond the notes


def problems(project: Project) -> Iterator[str]:
    """Say which ✓ and which proofs have lost each other, and which proofs state no fact."""
    proofs, cited = project.proofs(), set[str]()
    for page in project.all_pages():
        for section in page.sections:
            for name in section.citations:
                cited.add(name)
                if name not in proofs:
                    yield f"{page.name}, #{section.id}: ✓ leads to {name}, and there is no such proof"
            if section.prose.count("✓][") != len(section.citations):
                yield f"{page.name}, #{section.id}: a ✓ is not written [✓][tests.….test_…]{{ .proof }}"
    for name, proof in proofs.items():
        if name not in cited:
            yield f"{name}: no page cites it; cite it at the claim it proves, or delete it"
        english, _, chinese = proof.docstring.partition("\n\n")
        if not english.endswith(".") or HAN.search(english) or not HAN.search(chinese):
            yield f"{name}: its docstring must be an English sentence, a blank line, a Chinese sentence"
        if unknown := set(proof.statements) - {*NOTES, *BEYOND}:
            yield f"{name}: there is no statement {sorted(unknown)}"


def unproven(project: Project) -> list[str]:
    """Return the statements that no proof is marked with."""
    proven = {statement for proof in project.proofs().values() for statement in proof.statements}
    return [statement for statement in [*NOTES, *BEYOND] if statement not in proven]


def test_proofs() -> None:
    """Citations and proofs match."""
    assert not (found := list(problems(Project()))), "\n".join(found)


def test_every_statement_is_settled() -> None:
    """Each statement of the original notes, and each fact beyond them, has a proof."""
    assert unproven(Project()) == []


PAGE, PROOF = "docs/en/demo/echo.md", "tests/demo/test_echo.py"
GUARDS = {
    "renamed proof": (PROOF, "def test_echo_returns", "def test_echo_answers", "there is no such proof"),
    "uncited proof": (PROOF, "@pytest", "def test_lone(): ...\n\n\n@pytest", "test_lone: no page cites it"),
    "bare citation": (PAGE, "{ .proof }", "", "a ✓ is not written"),
    "no Chinese": (PROOF, "回声返回原词。", "", "its docstring must be"),
    "no English": (PROOF, "An echo returns its word.\n\n", "", "its docstring must be"),
    "unknown statement": (PROOF, '"S1"', '"S99"', "there is no statement ['S99']"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """Each way for a claim and its proof to part is named."""
    assert list(problems(tiny)) == []
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))


def test_notices_an_unsettled_statement(tiny: Project) -> None:
    """A statement without proof is listed."""
    assert "S1" not in unproven(tiny)
    assert "S2" in unproven(tiny)
