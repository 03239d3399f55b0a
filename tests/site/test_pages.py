"""The page contract and the snippet contract, as far as a machine can read them."""

import ast
import functools
import importlib.metadata
import sys
from collections.abc import Iterator

import pytest
from tools.model import MARKER, Page, Project

from tests.site.small import break_file
from tests.site.test_proofs import HAN

ROWS, COLUMNS = 60, 72


def page_problems(page: Page) -> Iterator[str]:
    """Say which part of the page contract a page breaks."""
    if page.source.startswith("---\n") and not page.meta:
        yield f"{page.name}: the front matter is no YAML (a colon and a blank inside a text?)"
    if not 0 < len(page.meta.get("description", "")) <= 160:
        yield f"{page.name}: the front matter needs a description of at most 160 characters"
    if [section.level == 1 for section in page.sections] != [True] + [False] * (len(page.sections) - 1):
        yield f"{page.name}: needs one heading of level 1, and it comes first"
    if not page.teaches:
        return
    words = " ".join(map(str, page.meta.get("keywords", [])))
    if not HAN.search(words) or not any(c.isascii() and c.isalpha() for c in words):
        yield f"{page.name}: the front matter needs keywords in both languages"
    sections = {section.id: section for section in page.sections}
    for name in ("traps", "today", "exercise"):
        if name not in sections:
            yield f"{page.name}: needs a section {{ #{name} }}"
    if exercise := sections.get("exercise"):
        before, folded, answer = exercise.text.partition("\n??? ")
        if not folded or "--8<--" not in answer or "--8<--" in before:
            yield f"{page.name}: the exercise needs its answer, a snippet, in one folded block (???)"
    if not any(section.permalinks for section in page.sections):
        yield f"{page.name}: needs a link to the place in server.py"
    if not any(section.citations for section in page.sections):
        yield f"{page.name}: needs a ✓"


@functools.cache
def taken_names() -> set[str]:
    """Return the names of all standard and installed modules."""
    return set(importlib.metadata.packages_distributions()) | sys.stdlib_module_names


def snippet_problems(project: Project, path: str) -> Iterator[str]:
    """Say which part of the snippet contract a file breaks."""
    where, text = f"snippets/{path}", project.snippet(path).read_text("utf-8")
    tree, lines = ast.parse(text), [line for line in text.splitlines() if not MARKER.search(line)]
    if len(lines) > ROWS:
        yield f"{where}: {len(lines)} lines; {ROWS} at most, one idea a file"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield f"{where}:{number}: {len(line)} columns; {COLUMNS} at most, so that nothing scrolls"
    if not (ast.get_docstring(tree) or "").startswith("Show "):
        yield f"{where}: begins with a docstring that says what running it shows: “Show …”"
    if not any(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == "main" for n in tree.body):
        yield f"{where}: needs a main() that prints"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            public = node.name != "main" and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                yield f"{where}: {node.name} needs a docstring"
    if (stem := project.snippet(path).stem) in taken_names():
        yield f"{where}: takes the name of the module {stem}; choose another"


def problems(project: Project) -> Iterator[str]:
    """Say what breaks a contract."""
    for page in project.all_pages():
        yield from page_problems(page)
    for path in project.files("*.py"):
        yield from snippet_problems(project, path)
    owners: dict[str, str] = {}
    for path, page in project.pages("zh").items():
        for region in page.meta.get("regions", []):
            if region in owners:
                yield f"the region {region} is owned by {owners[region]} and by {path}"
            owners[region] = path


def test_contracts() -> None:
    """Every page and every snippet keeps its contract."""
    assert not (found := list(problems(Project()))), "\n".join(found)


PAGE, SNIPPET = "docs/en/demo/echo.md", "snippets/demo/echo.py"
GUARDS = {
    "no description": (PAGE, "description: An echo.\n", "", "needs a description"),
    "broken front matter": (PAGE, "An echo.", "An: echo.", "the front matter is no YAML"),
    "long description": (PAGE, "An echo.", "An echo." * 21, "at most 160 characters"),
    "two titles": (PAGE, "## Traps", "# Traps", "one heading of level 1"),
    "one language": (PAGE, "[echo, 回声]", "[echo]", "keywords in both languages"),
    "no traps": (PAGE, "{ #traps }", "{ #more }", "needs a section { #traps }"),
    "open answer": (PAGE, "??? success", "!!! success", "in one folded block"),
    "no source": (PAGE, "[lines 61–66][server.py#cache_control]", "", "link to the place in server.py"),
    "no proof": (PAGE, "[✓][tests.demo.test_echo.test_echo_returns]{ .proof }", "", "needs a ✓"),
    "two owners": (
        "docs/zh/demo/two.md",
        "",
        "---\ndescription: 二\nregions: [cache_control]\n---\n# 二 { #two }\n",
        "the region cache_control is owned by",
    ),
    "wide line": (SNIPPET, "def say", "# " + "x" * 71 + "\ndef say", "columns; 72 at most"),
    "long file": (SNIPPET, "def main", "#\n" * 60 + "def main", "lines; 60 at most"),
    "no docstring": (SNIPPET, '"""Show an echo."""', "", "begins with a docstring"),
    "no function docstring": (SNIPPET, '"""Return the word."""', "", "say needs a docstring"),
    "no main": (SNIPPET, "def main", "def run", "needs a main()"),
    "taken name": ("snippets/demo/json.py", "", '"""Show x."""\ndef main(): ...\n', "the module json"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """Each breach is named."""
    assert list(problems(tiny)) == []
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))
