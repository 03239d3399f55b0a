"""The errata list every statement of the original notes that is not simply true, each with its proof."""

import re
from collections.abc import Iterator

from tools.checks.proofs import STATEMENTS
from tools.model import CITATION, Page, Project, Proof

ROW = re.compile(r"^\| (S\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
SIMPLY_TRUE = {
    "S10",
    "S12",
    "S14",
    "S15",
    "S16",
    "S19",
    "S21",
    "S32",
    "S37",
    "S38",
    "S41",
    "S42",
    "S48",
    "S49",
    "S52",
    "S57",
}
EXPECTED = [statement for statement in STATEMENTS if statement not in SIMPLY_TRUE]


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which rows are missing, out of order, or without a proof of that very statement."""
    if only in (None, "errata"):
        proofs = project.proofs()
        for page in project.all_pages("errata"):
            yield from row_problems(page, proofs)


def row_problems(page: Page, proofs: dict[str, Proof]) -> Iterator[str]:
    """Check the table of one language."""
    rows = ROW.findall(page.source)
    numbers = [number for number, _, _ in rows]
    if numbers != EXPECTED:
        wrong = sorted(set(numbers) ^ set(EXPECTED)) or "the order"
        yield f"{page.name}: must list the {len(EXPECTED)} statements in order; look at {wrong}"
    for number, _, truth in rows:
        cited = CITATION.findall(truth)
        if not any(number in proofs[name].statements for name in cited if name in proofs):
            yield f"{page.name}: {number} needs a ✓ to a proof marked with {number}; it has {cited}"
