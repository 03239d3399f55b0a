"""Every ✓ leads to a proof, every proof is cited, and each states its fact in both languages."""

from collections.abc import Iterator

from tools.model import Page, Project

STATEMENTS = [f"S{number}" for number in range(1, 58)]  # of the original notes


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which ✓ and which proofs have lost each other, and which proofs state no fact."""
    known = set(project.proofs())
    for page in project.all_pages(only):
        yield from citation_problems(page, known)
    yield from proof_problems(project, only)
    if not only:
        yield from (f"tests: no proof is marked with {statement}" for statement in unproven(project))


def citation_problems(page: Page, known: set[str]) -> Iterator[str]:
    """Refuse a ✓ that leads nowhere."""
    for section in page.sections:
        where = f"{page.name}, #{section.id}"
        for name in section.citations:
            if name not in known:
                yield f"{where}: ✓ leads to {name}, and there is no such proof"
        if section.prose.count("✓][") != len(section.citations):
            yield f"{where}: a ✓ is not written [✓][tests.….test_…]{{ .proof }}"


def proof_problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Refuse a proof that no page cites, or that does not say what it proves."""
    cited = {name for page in project.all_pages() for section in page.sections for name in section.citations}
    for name, proof in project.proofs(only).items():
        if name not in cited:
            yield f"{name}: no page cites it; cite it at the claim it proves, or delete it"
        english, chinese = proof.sentence("en"), proof.sentence("zh")
        in_order = " ".join(proof.docstring.split()) == f"{english} {chinese}"
        if not english.endswith(".") or not chinese or not in_order:
            yield f"{name}: its docstring must be an English sentence, a blank line, a Chinese sentence"
        if unknown := set(proof.statements) - set(STATEMENTS):
            yield f"{name}: there is no statement {sorted(unknown)}"


def unproven(project: Project) -> list[str]:
    """Return the statements that no proof is marked with."""
    proven = {statement for proof in project.proofs().values() for statement in proof.statements}
    return [statement for statement in STATEMENTS if statement not in proven]
