"""The snippet contract, as far as a machine can read it."""

import ast
import functools
import importlib.metadata
import re
import sys
from collections.abc import Iterator

from tools.model import MARKER, Project

COLUMNS = 72
RECREATION = "recreation/"  # a package, to be used: no demonstration
REQUIRES = re.compile(r"^assert sys\.version_info >= \(3, (\d+)\)", re.MULTILINE)
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which part of the contract a file breaks."""
    for path in project.files("*.py", only):
        yield from line_problems(project, path)
        tree = ast.parse(project.snippet(path).read_text("utf-8"))
        if path.startswith(RECREATION):
            yield from docstring_problems(path, tree)
        else:
            yield from demonstration_problems(path, tree)


def line_problems(project: Project, path: str) -> Iterator[str]:
    """Refuse lines that would scroll sideways."""
    text = project.snippet(path).read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > COLUMNS and not MARKER.search(line):
            yield (
                f"snippets/{path}:{number}: {len(line)} columns; {COLUMNS} at most, so that nothing scrolls"
            )


def demonstration_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Check what a file needs that a page shows and runs."""
    where, name = f"snippets/{path}", path.rpartition("/")[2].removesuffix(".py")
    if not (ast.get_docstring(tree) or "").startswith("Show "):
        yield f"{where}: begins with a docstring that says what running it shows: “Show …”"
    if not any(isinstance(node, FUNCTION) and node.name == "main" for node in tree.body):
        yield f"{where}: needs a main() that prints"
    if name in taken_names():
        yield f"{where}: takes the name of the module {name}; choose another"


def docstring_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Ask for a docstring of all that is public in the re-creation: its reference page is made of them."""
    for node in [tree, *public_definitions(tree)]:
        if not ast.get_docstring(node):
            yield f"snippets/{path}: {getattr(node, 'name', 'the module')} needs a docstring"


def public_definitions(
    scope: ast.Module | ast.ClassDef,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield the functions, classes and methods without a leading underscore, but not main()."""
    for node in scope.body:
        if isinstance(node, (*FUNCTION, ast.ClassDef)) and not node.name.startswith("_"):
            if node.name != "main":
                yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


@functools.cache
def taken_names() -> frozenset[str]:
    """Return the names of all standard and installed modules."""
    return frozenset(importlib.metadata.packages_distributions()) | sys.stdlib_module_names


def too_old(project: Project, path: str) -> str | None:
    """Say which Python a snippet asks for, if this one is older."""
    match = REQUIRES.search(project.snippet(path).read_text("utf-8"))
    if match and sys.version_info < (3, int(match[1])):
        return f"snippets/{path} needs Python 3.{match[1]}; this is 3.{sys.version_info.minor}"
    return None
