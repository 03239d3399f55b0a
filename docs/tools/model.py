"""The project as its checks see it: pages with their sections, snippets, proofs and source map."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from mkdocs.utils.meta import get_data

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh", "en")
# Pages that teach nothing themselves: no snippet, trap or exercise is asked of them.
FRAME = re.compile(r"(index|errata|glossary|contributing|(proofs|reference)/.*)")

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
FENCE = re.compile(r"^( *)(`{3,}) *(\S*)([^\n]*)\n(.*?)^\1\2$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) (.+?)(?: \{ #([\w-]+)(?: data-search-exclude)? \})?$", re.MULTILINE)
INCLUDE = re.compile(r'^ *--8<-- "([^":]+)(?::([^"]+))?"$', re.MULTILINE)
CITATION = re.compile(r"\[✓\]\[([\w.]+)\]\{ \.proof \}")
PERMALINK = re.compile(r"\[([^\]]*)\]\[server\.py#([^\]]+)\]")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MARKER = re.compile(r"--8<-- \[(start|end):([\w-]+)\]")


@dataclass(frozen=True)
class Section:
    """A heading and the text up to the next one."""

    level: int
    title: str
    id: str | None
    text: str

    @property
    def prose(self) -> str:
        """The text without its fences."""
        return FENCE.sub("", self.text)

    @property
    def includes(self) -> list[str]:
        """What it includes, as `path` or `path:name`."""
        return [f"{path}:{name}" if name else path for path, name in INCLUDE.findall(self.text)]

    @property
    def citations(self) -> list[str]:
        """The proofs it cites."""
        return CITATION.findall(self.prose)

    @property
    def permalinks(self) -> list[tuple[str, str]]:
        """Its links into server.py, as (text, region)."""
        return PERMALINK.findall(self.prose)

    @property
    def links(self) -> list[str]:
        """Where its other links lead."""
        return LINK.findall(self.prose)

    @property
    def figures(self) -> list[dict[str, object]]:
        """The shape of each figure: its kind, and how many lanes, steps, rows … it has."""
        drawn = [yaml.safe_load(body) for _, _, kind, _, body in FENCE.findall(self.text) if kind == "figure"]
        return [
            {
                key: len(value) if key != "kind" else value
                for key, value in figure.items()
                if not isinstance(value, str) or key == "kind"
            }
            for figure in drawn
        ]

    @property
    def code(self) -> list[str]:
        """Its inline code, in alphabetical order, since word order differs between languages."""
        return sorted(CODE.findall(self.title + self.prose))

    @property
    def numbers(self) -> list[str]:
        """The numbers its sentences state, sorted; not those inside code, addresses and references."""
        text = self.title + "\n" + self.prose
        for pattern, keep in ((CITATION, ""), (PERMALINK, r"\1"), (CODE, "")):
            text = pattern.sub(keep, text)
        return sorted(NUMBER.findall(re.sub(r"\]\([^)]*\)|\]\[[^\]]*\]|\{[^}]*\}", "", text)))


@dataclass(frozen=True)
class Page:
    """One page in one language."""

    language: str
    path: str
    file: Path

    @property
    def name(self) -> str:
        """Its file as a message names it."""
        return f"docs/{self.language}/{self.path}.md"

    @property
    def address(self) -> str:
        """Where it is served, below the site's address."""
        home, path = "en/" if self.language == "en" else "", self.path.removesuffix("index")
        return home + path + ("/" if path and not path.endswith("/") else "")

    @property
    def teaches(self) -> bool:
        """Whether the page contract asks for snippets, traps and an exercise."""
        return not FRAME.fullmatch(self.path)

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.sections[0].title

    @cached_property
    def source(self) -> str:
        """The file's text."""
        return self.file.read_text("utf-8")

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Its front matter."""
        return dict(get_data(self.source)[1])

    @cached_property
    def sections(self) -> list[Section]:
        """Its sections in order; what stands before the first heading is left out."""
        text = FRONT_MATTER.sub("", self.source)
        hidden = FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)  # no heading inside a fence
        heads = list(HEADING.finditer(hidden))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        return [
            Section(len(head[1]), head[2], head[3], text[head.end() : end])
            for head, end in zip(heads, ends, strict=True)
        ]


@dataclass(frozen=True)
class Proof:
    """One test function that a page may cite."""

    name: str
    docstring: str
    statements: tuple[str, ...]

    def sentence(self, language: str) -> str:
        """Return what it states, in one language."""
        english, _, chinese = self.docstring.partition("\n\n")
        return " ".join((chinese if language == "zh" else english).split())


@dataclass(frozen=True)
class Project:
    """A checkout, the real one or a small broken one."""

    root: Path = ROOT

    def pages(self, language: str) -> dict[str, Page]:
        """Its pages in one language by path, without suffix."""
        docs = self.root / "docs" / language
        return {
            path: Page(language, path, file)
            for file in sorted(docs.rglob("*.md"))
            for path in [file.relative_to(docs).with_suffix("").as_posix()]
        }

    def all_pages(self) -> Iterator[Page]:
        """Its pages in both languages."""
        for language in LANGUAGES:
            yield from self.pages(language).values()

    def files(self, pattern: str) -> list[str]:
        """Paths below `snippets/`, without `__init__.py` and `__main__.py`."""
        base = self.root / "snippets"
        return [
            p.relative_to(base).as_posix()
            for p in sorted(base.rglob(pattern))
            if p.name not in ("__init__.py", "__main__.py")
        ]

    def snippet(self, path: str) -> Path:
        """The file that an include or a message names."""
        return self.root / "snippets" / path

    def proofs(self) -> dict[str, Proof]:
        """Every test function outside `tests/site` and `tests/playground`, by its dotted name."""
        return {
            proof.name: proof
            for file in sorted((self.root / "tests").rglob("test_*.py"))
            if file.parent.name not in ("tests", "site", "playground")
            for proof in _proofs_in(file, self.root, file.stat().st_mtime_ns)
        }

    @property
    def source_map(self) -> dict[str, Any]:
        """The map of server.py: its regions with their lines."""
        text = self.snippet("server/comfyui-v0.3.10-server.json").read_text("utf-8")
        result: dict[str, Any] = json.loads(text)
        return result


@cache
def _proofs_in(file: Path, root: Path, changed: int) -> tuple[Proof, ...]:
    """Return the test functions of a file; `changed` is when, so that `mkdocs serve` parses it anew only then."""
    module = ".".join(file.relative_to(root).with_suffix("").parts)
    return tuple(
        Proof(f"{module}.{node.name}", ast.get_docstring(node) or "", _statements(node))
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def _statements(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """Return the statements of the notes that a proof is marked with."""
    return tuple(
        ast.literal_eval(argument)
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.statement"
        for argument in mark.args
    )
