"""Every public name of the re-creation is swapped for ComfyUI's, or there is a reason why not."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.real.plugin import COMFYUI
from tests.real.swaps import OURS, Swapped
from tools.model import ROOT

MODULES = sorted((ROOT / "snippets/recreation").glob("[!_]*.py"))


def public_names(source: str) -> set[str]:
    """Return what a module defines at its top, without a leading underscore."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in found if not name.startswith("_")}


@pytest.mark.skipif(not COMFYUI, reason="needs COMFYUI=/path/to/clone")
@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_each_public_name_is_swapped_or_has_a_reason(file: Path) -> None:
    """Nothing stays ours unnoticed, and no reason is left of a name that is gone or swapped."""
    module = importlib.import_module(f"snippets.recreation.{file.stem}")
    public = public_names(file.read_text("utf-8"))
    kept = {name for name in public if not (isinstance(module, Swapped) and module.is_swapped(name))}
    reasons = [name.split(".") for names in OURS.values() for name in names.split()]
    assert kept == {name for of, name in reasons if of == file.stem}
