"""The project's Markdown extension: permalinks, sentences on ✓, glossary terms, Run marks, counts and lists.

It works without MkDocs: whatever renders the pages with Python-Markdown gets all of it.
"""

# Python-Markdown ships no types to inherit.
# mypy: disable-error-code="misc"
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pygments.filters import FILTERS

from playground import build as playground
from source.build import purposes
from tools import generated, witness
from tools.highlight import FewerSpans
from tools.model import INCLUDE, Project
from tools.source_map import source_maps

PYTHON_FENCE = re.compile(r"( *`{3,}) *python((?: [^{}]*)?)")
OUTPUT_FENCE = re.compile(r'( *`{3,}) *text title="[^"]*"')
# The rows of server/hazards, `| 1. send …`, and of all routes on server/map, `| GET | `/queue` …`.
HAZARD_ROW = re.compile(r"(\| (\d+)\. .*?)( \| .*)")
ROUTE_ROW = re.compile(r"(\| (GET|POST) \| `([^`]+)`)( \| .*)")
TRY_IT = {"zh": "试一试", "en": "Try it"}
TESTED_OUTPUT = {"zh": "测试过的输出", "en": "Tested output"}
GLOSSARY_ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
ELSEWHERE = {"zh": "在新标签页打开 GitHub", "en": "GitHub, new tab"}
NO_TERMS_IN = {"h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "code", "a", "autoref", "abbr"}


class SiteExtension(Extension):
    """What mkdocs.yml names as `tools.markdown`."""

    def __init__(self, **options: Any) -> None:
        self.config = {"language": ["zh", "the language of the pages"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors, each in its place among those of the other extensions."""
        language = self.getConfig("language")
        FILTERS["fewer_spans"] = FewerSpans  # mkdocs.yml names it to pymdownx.highlight
        # Before pymdownx.snippets (32) replaces the include by the text.
        md.preprocessors.register(RunMarks(md, language), "run-marks", 33)
        md.preprocessors.register(TryIt(md, language), "try-it", 23)
        # After pymdownx.superfences (25) has put the code away.
        md.preprocessors.register(Lists(md, language), "lists", 22)
        # Before the references (170): an empty one would take its id for the text.
        md.inlinePatterns.register(LineNumbers(md, language), "line-numbers", 171)
        md.inlinePatterns.register(Counts(r"\{(notes|snippets|proofs(?:-\w+)?)\}", md), "counts", 171)
        # After the inline patterns (20) have made links and code; where `abbr` (7) stands.
        md.treeprocessors.register(Sentences(md, language), "sentences", 7)
        md.treeprocessors.register(Terms(md, language), "terms", 7)


def makeExtension(**options: Any) -> SiteExtension:
    """Return the extension; Python-Markdown looks for this name."""
    return SiteExtension(**options)


maps = cache(source_maps)  # read once, not for every page


class LineNumbers(InlineProcessor):
    """Write the lines of a region: `[server.py#cache_control][]` becomes a link called `lines 61–66`."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(r"\[([\w/]+\.py#[^\]]+)\]\[\]", md)
        self.language, self.maps = language, maps()

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:
        """Leave an unknown region alone; the build then misses its reference."""
        file, _, region = m[1].partition("#")
        try:
            source = self.maps[file]
            link = Element("a", href=source.address(region), target="_blank")
            link.set("class", "source")
            link.set("title", purposes(self.language).get(m[0][1:-3], ELSEWHERE[self.language]))
            link.text = AtomicString(source.label(region, self.language))
        except LookupError:
            return None, None, None
        return link, m.start(0), m.end(0)


class RunMarks(Preprocessor):
    """Tell a fence which snippet, or whose output, it includes, for the Run button (docs/playground)."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, lines: list[str]) -> list[str]:
        """Add the attributes where an include stands right below the fence's first line."""
        fences = list(code_with_includes(lines))
        runs_at = running_blocks(fences)
        marked = list(lines)
        for index, path, part in fences:
            if path.endswith(".out"):
                if fence := OUTPUT_FENCE.fullmatch(lines[index]):
                    mark = f'title="{TESTED_OUTPUT[self.language]}" data-out="{path.removesuffix("out")}py"'
                    marked[index] = f"{fence[1]}{{ .text {mark} }}"
            elif fence := PYTHON_FENCE.fullmatch(lines[index]):
                where = (index > runs_at[path]) - (index < runs_at[path])
                if mark := playground.mark(path, part, self.language, where):
                    marked[index] = f"{fence[1]}{{ .python{fence[2]} {mark} }}"
        return marked


def code_with_includes(lines: list[str]) -> Iterator[tuple[int, str, str | None]]:
    """Yield the line of each fence that includes something, the file, and the part of it if it has a name."""
    for index, (line, below) in enumerate(pairwise(lines)):
        if (include := INCLUDE.fullmatch(below)) and line.lstrip().startswith("```"):
            yield index, include[1], include[2]


def running_blocks(fences: list[tuple[int, str, str | None]]) -> dict[str, int]:
    """Return which block of each file gets the button: the last one before its output."""
    runs_at, printed = dict[str, int](), set[str]()
    for index, path, _ in fences:
        if path.endswith(".out"):
            printed.add(f"{path.removesuffix('out')}py")
        elif path not in printed:
            runs_at[path] = index
    return {path: runs_at.get(path, index) for index, path, _ in fences}


class TryIt(Preprocessor):
    """Add to the row of a hazard and of a route a link that opens the console with that request."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, lines: list[str]) -> list[str]:
        """Add the link to the first cell of a hazard, to the path of a route."""
        return [self.with_link(line) for line in lines]

    def with_link(self, line: str) -> str:
        """Return a row with its link; any other line as it is."""
        if hazard := HAZARD_ROW.fullmatch(line):
            preset, before, after = f"hazard-{hazard[2]}", hazard[1], hazard[3]
        elif route := ROUTE_ROW.fullmatch(line):
            preset, before, after = f"{route[2]} {route[3]}", route[1], route[4]
        else:
            return line
        if preset not in playground.presets():
            return line
        label, address = TRY_IT[self.language], f"../try-it/?preset={quote(preset)}"
        link = f'<a class="try-it" href="{address}" aria-label="{label}: {escape(preset)}">{label} ▶</a>'
        return f"{before} {link}{after}"


class Lists(Preprocessor):
    """Write a list of pages where `{concepts}` or `{proof-pages}` stands alone on a line."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, lines: list[str]) -> list[str]:
        """Put the rows of the list in place of the line."""
        result = []
        for line in lines:
            if line == "{concepts}":
                result += generated.concepts(self.language)
            elif line == "{proof-pages}":
                result += generated.proof_list(self.language)
            else:
                result.append(line)
        return result


class Counts(InlineProcessor):
    """Write how many `{notes}`, `{snippets}` and `{proofs}` there are; `{proofs-real}` are of that kind."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        """Put the number in place of the word."""
        return str(generated.counts()[m[1]]), m.start(0), m.end(0)


class Sentences(Treeprocessor):
    """Give each ✓ how it is known and the sentence of its proof as hover text."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, root: Element) -> None:
        """Look for the references that autorefs will turn into links."""
        proofs = Project().proofs()
        for reference in root.iter("autoref"):
            if proof := proofs.get(reference.get("identifier", "")):
                kind = witness.kinds_here().get(proof.name, "code")
                sentence = proof.sentence(self.language).replace("`", "")
                colon = {"zh": "：", "en": ": "}[self.language]
                text = f"{witness.KINDS[kind][self.language]}{colon}{sentence}"
                # Twice: autorefs reads the attribute and writes it without escaping it again.
                reference.set("title", escape(escape(text)))
                reference.set("class", f"proof {kind}")


class Terms(Treeprocessor):
    """Give a term of the glossary its sentence as hover text where a page first mentions it.

    Python-Markdown's own `abbr` marks every mention, also in headings, and finds no term between Han letters.
    """

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.sentences = glossary(language)
        longest_first = sorted(self.sentences, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(with_edges, longest_first)))

    def run(self, root: Element) -> None:
        """Walk through the page in the order of reading."""
        if "mkdocstrings_headings" in self.md.treeprocessors:
            return  # a docstring, not a page
        self.left = dict(self.sentences)
        self.walk(root)

    def walk(self, parent: Element) -> None:
        """Mark the terms in an element's texts, and in its children."""
        children = list(parent)
        parent[:] = []
        parent.text = self.mark(parent, parent.text)
        for child in children:
            parent.append(child)
            if child.tag not in NO_TERMS_IN:
                self.walk(child)
            child.tail = self.mark(parent, child.tail)

    def mark(self, parent: Element, text: str | None) -> str | None:
        """Return the text before the first term; append each term to `parent`, with the text after it."""
        if not text or isinstance(text, AtomicString):
            return text
        found = [match for match in self.pattern.finditer(text) if self.is_first(match[0])]
        starts = [match.start() for match in found] + [len(text)]
        for match, end in zip(found, starts[1:], strict=True):
            abbr = Element("abbr", title=self.sentences[match[0]])
            abbr.text, abbr.tail = AtomicString(match[0]), text[match.end() : end]
            parent.append(abbr)
        return text[: starts[0]]

    def is_first(self, term: str) -> bool:
        """Say whether the page has not mentioned it before."""
        return self.left.pop(term, None) is not None


def with_edges(term: str) -> str:
    """Return a pattern for a term: Han words have no edges, but a lone character is part of other words."""
    if len(term) == 1:
        return rf"(?<![\u4e00-\u9fff]){re.escape(term)}(?![\u4e00-\u9fff])"
    return rf"\b{re.escape(term)}\b" if term.isascii() else re.escape(term)


def glossary(language: str) -> dict[str, str]:
    """Return the sentence of each term."""
    rows = GLOSSARY_ROW.findall(Project().pages(language)["glossary"].source)[2:]  # no head
    return {term: sentence.replace("`", "") for term, sentence in rows}
