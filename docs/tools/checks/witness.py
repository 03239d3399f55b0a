"""Each proof that was seen on the real ComfyUI is still the one that was seen."""

from collections.abc import Iterator

from tools.model import Project
from tools.witness import WITNESS, read_witness

AGAIN = (
    "run `COMFYUI=/path/to/clone pytest --write-witness`; "
    f"without ComfyUI take its entry out of {WITNESS}, and its ✓ no longer says that it was seen there"
)


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which proofs have changed, or are gone, since they ran on the real files."""
    proofs, mine = project.proofs(), project.proofs(only)
    for name, seen in read_witness(project.root).items():
        if name not in proofs:
            yield f"{name}: {WITNESS} has it, and there is no such proof: {AGAIN}"
        elif name in mine and mine[name].sum != seen.sum:
            yield f"{name}: changed since it passed on the real ComfyUI: {AGAIN}"
