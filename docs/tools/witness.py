"""How each proof is known: which ones were seen on the real ComfyUI, as tests/real/witness.json has it."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.model import ROOT

WITNESS = Path("tests/real/witness.json")
KINDS = ("real", "recreation", "library", "browser", "document")
BROWSER = re.compile(r"\b(visitor|visiting|chromium|Playwright|playwright)\b")


class Seen(NamedTuple):
    """A proof that passed on the real files: its sum then, and the regions that it ran."""

    sum: str
    regions: list[str]


def witness(root: Path = ROOT) -> dict[str, Seen]:
    """Return the proofs that were seen on the real files, by name."""
    file = root / WITNESS
    record = json.loads(file.read_text("utf-8")) if file.exists() else {"proofs": {}}
    return {name: Seen(**seen) for name, seen in record["proofs"].items()}


def sums(root: Path = ROOT) -> dict[str, str]:
    """Return a short sum of each proof of the server pages: of its text and what in its module it names."""
    return {
        f"tests.server.{file.stem}.{name}": hashlib.sha256(text.encode()).hexdigest()[:12]
        for file in sorted((root / "tests/server").glob("test_*.py"))
        for name, text in texts(file)
    }


def texts(file: Path) -> Iterator[tuple[str, str]]:
    """Return each test of a file by name, with the definitions that it names, directly or not."""
    source = file.read_text("utf-8")
    named: dict[str, ast.stmt] = {}
    for node in ast.parse(source).body:
        for name in defined(node):
            named[name] = node
    lines = source.splitlines()
    for name, node in named.items():
        if not name.startswith("test_"):
            continue
        wanted, waiting = {name}, [node]
        while waiting:
            for other in mentioned(waiting.pop()) & named.keys() - wanted:
                wanted.add(other)
                waiting.append(named[other])
        yield name, "\n".join(segment(lines, named[other]) for other in sorted(wanted))


def defined(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module defines; imports do not count."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [x.id for target in node.targets for x in ast.walk(target) if isinstance(x, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def mentioned(node: ast.AST) -> set[str]:
    """Return the names in it; parameters too, since a fixture is one."""
    return {x.id for x in ast.walk(node) if isinstance(x, ast.Name)} | {
        x.arg for x in ast.walk(node) if isinstance(x, ast.arg)
    }


def segment(lines: list[str], node: ast.stmt) -> str:
    """Return the lines of a definition, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(lines[start - 1 : node.end_lineno])


def lines_in_functions(source: str) -> set[int]:
    """Return the lines inside functions that only a call runs: not the heads of definitions in them."""
    functions = [
        x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inside = {n for x in functions for n in range(x.body[0].lineno, (x.end_lineno or 0) + 1)}
    heads = {
        n
        for x in functions
        for n in range(min([x.lineno, *(d.lineno for d in x.decorator_list)]), x.body[0].lineno)
    }
    return inside - heads
