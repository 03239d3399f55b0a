"""How each proof is known; what was seen on the real ComfyUI stands in tests/real/witness.json.

`COMFYUI=/path/to/clone pytest --write-witness` writes that record (tests/real/plugin.py).
"""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.model import Project, Proof
from tools.source_map import source_maps

WITNESS = Path("tests/real/witness.json")
# In this order: the first that holds. Each with the words that begin the hover text of its ✓.
KINDS = {
    "real": {"zh": "在真实的 ComfyUI v0.3.10 上运行得出", "en": "Seen on the real ComfyUI v0.3.10"},
    "document": {"zh": "出自文献", "en": "From a document"},
    "browser": {"zh": "在 Chromium 里测得", "en": "Measured in Chromium"},
    "recreation": {"zh": "在重建的服务器上运行得出", "en": "Shown on the re-creation"},
    "code": {"zh": "由本页代码运行得出", "en": "Shown by running the code"},
}
DOCUMENT = re.compile(r"^@pytest\.mark\.document\(", re.MULTILINE)
BROWSER = re.compile(r"\bchromium: ")


class Seen(NamedTuple):
    """A proof that passed on the real files: its sum then, and of the regions of its pages those that ran."""

    sum: str
    regions: list[str]


def read_witness(root: Path) -> dict[str, Seen]:
    """Return the proofs that were seen on the real files, by name."""
    file = root / WITNESS
    record = json.loads(file.read_text("utf-8")) if file.exists() else {"proofs": {}}
    return {name: Seen(**seen) for name, seen in record["proofs"].items()}


def write_witness(root: Path, about: dict[str, object], seen: dict[str, Seen]) -> None:
    """Write the record, a line for each proof."""
    proofs = ",\n  ".join(
        f"{json.dumps(name)}: {json.dumps(one._asdict(), ensure_ascii=False)}" for name, one in seen.items()
    )
    text = json.dumps({**about, "proofs": {}}, indent=1).replace("{}", "{\n  " + proofs + "\n }")
    (root / WITNESS).write_text(text + "\n", "utf-8")


def kinds(project: Project) -> dict[str, str]:
    """Return of each proof, by name, how it is known: one of KINDS."""
    seen, cited = read_witness(project.root), regions_cited(project)
    return {
        name: "real"
        if name in seen and seen[name].sum == proof.sum and cited.get(name, set()) & set(seen[name].regions)
        else kind_by_text(proof)
        for name, proof in project.proofs().items()
    }


def kind_by_text(proof: Proof) -> str:
    """Return how a proof is known that was not seen on the real files."""
    if DOCUMENT.search(proof.text):
        return "document"
    if BROWSER.search(proof.text):
        return "browser"
    return "recreation" if proof.name.startswith("tests.server.") else "code"


def regions_cited(project: Project) -> dict[str, set[str]]:
    """Return by proof the regions that the pages which cite it own or link to, with their parts."""
    maps, found = source_maps(project.root), dict[str, set[str]]()
    for page in project.pages("en").values():
        named = {link for section in page.sections for link in section.permalinks}
        regions = set[str]()
        for link in named | set(page.meta.get("regions", [])):
            file, _, name = link.partition("#")
            regions |= {f"{file}#{region}" for region in maps[file].innermost_in(name)}
        for section in page.sections:
            for proof in section.citations:
                found.setdefault(proof, set()).update(regions)
    return found


@cache
def kinds_here() -> dict[str, str]:
    """Return them for this project; read once, not for every page."""
    return kinds(Project())


def lines_in_functions(source: str) -> set[int]:
    """Return the lines inside functions that only a call runs: not the heads of definitions in them."""
    functions = [
        x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inside = {n for x in functions for n in range(x.body[0].lineno, (x.end_lineno or 0) + 1)}
    starts = {x: min([x.lineno, *(decorator.lineno for decorator in x.decorator_list)]) for x in functions}
    return inside - {n for x in functions for n in range(starts[x], x.body[0].lineno)}
