"""The project as its checks see it: pages with their sections, snippets and proofs."""

import ast
import hashlib
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
HAN = re.compile(r"[\u4e00-\u9fff]")
# Pages that teach nothing themselves: no snippet, trap or exercise is asked of them.
FRAME = re.compile(r"(index|errata|versions|glossary|contributing|reference|proofs/.*)")

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
FENCE = re.compile(r"^( *)(`{3,}) *(\S*)([^\n]*)\n(.*?)^\1\2$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) (.+?)(?: \{ #([\w-]+)(?: data-search-exclude)? \})?$", re.MULTILINE)
STATEMENT_MARK = re.compile(r"^@pytest\.mark\.statement\([^)]*\)\n", re.MULTILINE)
INCLUDE = re.compile(r'^ *--8<-- "([^":]+)(?::([^"]+))?"$', re.MULTILINE)
CITATION = re.compile(r"\[✓\]\[([\w.]+)\]\{ \.proof \}")
PERMALINK = re.compile(r"\[([\w./-]+\.py#[^\]]+)\]\[\]")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
GLOSSARY_ROW = re.compile(r"^\| \[(.+)\]\((.+)\) \| [^|]+ \| (.+) \|$", re.MULTILINE)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MARKER = re.compile(r"--8<-- \[(start|end):([\w-]+)\]")
OUTPUTS = "outputs.txt"  # of the snippets beside it, a section each
OUTPUT = re.compile(r"^--8<-- \[start:(\w+)\]\n(.*?)^--8<-- \[end:\1\]\n", re.DOTALL | re.MULTILINE)
NO_PROOFS = ("tests", "site", "tools", "playground", "real")  # their tests are about the site


def snake_case(path: str) -> str:
    """Return a page's path as Python writes it."""
    return path.replace("-", "_")


def printed_by(path: str, name: str | None) -> str | None:
    """Return the snippet whose output an include shows, if it shows one."""
    folder, _, file = path.rpartition("/")
    return f"{folder}/{name}.py" if file == OUTPUTS else None


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
    def permalinks(self) -> list[str]:
        """Its links into ComfyUI's files, as `server.py#cache_control`."""
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
                if isinstance(value, list | dict) or key == "kind"
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
        for pattern in (CITATION, PERMALINK, CODE):
            text = pattern.sub("", text)
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
    """One test function that a page may cite.

    `text` is its source and that of what it names in its file, directly or not; `code` is what a page shows:
    its own source without the docstring and without the mark that names statements of the original notes.
    """

    name: str
    docstring: str
    statements: tuple[str, ...]
    text: str
    code: str

    @property
    def sum(self) -> str:
        """Tells whether it is still the same."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def sentence(self, language: str) -> str:
        """Return what it states, in one language: its paragraphs with Han letters, or without."""
        paragraphs = self.docstring.split("\n\n")
        said = [text for text in paragraphs if bool(HAN.search(text)) == (language == "zh")]
        return " ".join(" ".join(said).split())


@dataclass(frozen=True)
class Project:
    """A checkout, the real one or a small broken one."""

    root: Path = ROOT

    def pages(self, language: str, only: str | None = None) -> dict[str, Page]:
        """Its pages in one language by path, without suffix; or `only` the one with that path."""
        docs = self.root / "docs" / language
        return {
            path: Page(language, path, file)
            for file in sorted(docs.rglob(f"{only or '*'}.md"))
            for path in [file.relative_to(docs).with_suffix("").as_posix()]
            if only in (None, path)
        }

    def all_pages(self, only: str | None = None) -> Iterator[Page]:
        """Its pages in both languages."""
        for language in LANGUAGES:
            yield from self.pages(language, only).values()

    def files(self, pattern: str, only: str | None = None) -> list[str]:
        """Paths below `snippets/`, or those of `only` one page; no `__init__.py`, no `__main__.py`."""
        base = self.root / "snippets"
        return [
            p.relative_to(base).as_posix()
            for p in sorted((base / snake_case(only or "")).rglob(pattern))
            if p.name not in ("__init__.py", "__main__.py") and p.is_file()
        ]

    def demonstrations(self, only: str | None = None) -> list[str]:
        """Paths of the snippets that run by themselves: all but the package `snippets.recreation`."""
        return [path for path in self.files("*.py", only) if not path.startswith("recreation/")]

    def snippet(self, path: str) -> Path:
        """The file that an include or a message names."""
        return self.root / "snippets" / path

    def outputs(self, folder: str) -> dict[str, str]:
        """The output of each snippet in a folder, byte for byte, by the snippet's path."""
        file = self.snippet(folder) / OUTPUTS
        text = file.read_bytes().decode() if file.is_file() else ""
        return {f"{folder}/{name}.py": printed for name, printed in OUTPUT.findall(text)}

    def output(self, snippet: str) -> str | None:
        """What a snippet prints, as the page shows it."""
        return self.outputs(snippet.rpartition("/")[0]).get(snippet)

    def proof_file(self, path: str) -> Path:
        """The file that holds a page's proofs."""
        topic, _, name = snake_case(path).rpartition("/")
        return self.root / "tests" / topic / f"test_{name}.py"

    def proofs(self, only: str | None = None) -> dict[str, Proof]:
        """Every test function that proves something, or those of `only` one page, by its dotted name."""
        return {
            proof.name: proof
            for file in sorted((self.root / "tests").rglob("test_*.py"))
            if file.parent.name not in NO_PROOFS and (not only or file == self.proof_file(only))
            for proof in _proofs_in(file, self.root, file.stat().st_mtime_ns)
        }


@cache
def _proofs_in(file: Path, root: Path, changed: int) -> tuple[Proof, ...]:
    """Return the test functions of a file; `changed` is when."""
    module = ".".join(file.relative_to(root).with_suffix("").parts)
    source = file.read_text("utf-8")
    lines, body = source.splitlines(), ast.parse(source).body
    defined = {name: node for node in body for name in _names_defined(node)}
    return tuple(
        Proof(
            f"{module}.{node.name}",
            ast.get_docstring(node) or "",
            _statements(node),
            "\n".join(_lines_of(defined[name], lines) for name in sorted(_closure(node, defined))),
            STATEMENT_MARK.sub("", _without_docstring(node, lines)),
        )
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def _names_defined(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module defines; imports do not count."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [x.id for target in node.targets for x in ast.walk(target) if isinstance(x, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _closure(node: ast.FunctionDef | ast.AsyncFunctionDef, defined: dict[str, ast.stmt]) -> set[str]:
    """Return the names of a function and of all that it needs of its file; a fixture is a parameter."""
    found, waiting = {node.name}, [node.name]
    while waiting:
        inside = list(ast.walk(defined[waiting.pop()]))
        names = {x.id for x in inside if isinstance(x, ast.Name)} | {
            x.arg for x in inside if isinstance(x, ast.arg)
        }
        new = names & defined.keys() - found
        found |= new
        waiting += new
    return found


def _lines_of(node: ast.stmt, lines: list[str]) -> str:
    """Return the lines of a definition, with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(lines[start - 1 : node.end_lineno])


def _without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> str:
    """Return the lines of a function but those of its docstring."""
    text, first = _lines_of(node, lines).splitlines(), node.body[0]
    if ast.get_docstring(node) is None:
        return "\n".join(text)
    before = first.lineno - (node.end_lineno or 0) - 1  # from the end: decorators stand above
    after = (first.end_lineno or 0) - (node.end_lineno or 0)
    return "\n".join(text[:before] + (text[after:] if after else []))


def _statements(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """Return the statements of the notes that a proof is marked with."""
    return tuple(
        ast.literal_eval(argument)
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.statement"
        for argument in mark.args
    )
