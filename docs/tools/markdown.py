"""The project's Markdown extension: permalinks, sentences on ✓, glossary terms, Run marks, counts and lists.

It works without MkDocs: whatever renders the pages with Python-Markdown gets all of it.
"""

# Python-Markdown ships no types to inherit.
# mypy: disable-error-code="misc"
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import accumulate, pairwise, takewhile
from typing import Any, ClassVar
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

import jieba
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pygments.filters import FILTERS

from playground import build as playground
from playground import exercises
from source import originals
from tools import generated, versions, witness
from tools.highlight import FewerSpans
from tools.model import GLOSSARY_ROW, INCLUDE, Project, printed_by
from tools.source_map import source_maps

PYTHON_FENCE = re.compile(r"( *`{3,}) *python((?: [^{}]*)?)")
OUTPUT_FENCE = re.compile(r'( *`{3,}) *text title="[^"]*"')
# The rows of server/hazards, `| 1. send …`, and of all routes on server/map, `| `/queue` | GET …`.
HAZARD_ROW = re.compile(r"(\| (\d+)\. .*?)( \| .*)")
HAZARD = re.compile(r"\*\*(\d+)(\. .*?\*\*\{ #h\1 \}.*)")  # below the table, `**1. A list …**{ #h1 } …`
ROUTE_ROW = re.compile(r"(\| `([^`]+)`)( \| (GET|POST) \| .*)")
TRY_IT = {"zh": "试一试", "en": "Try it"}
LINK_HERE = {"zh": "这一条的链接", "en": "Link to this hazard"}
TESTED_OUTPUT = {"zh": "测试过的输出", "en": "Tested output"}
NAME = {"zh": "证明：{sentence}{how}。", "en": "Proof: {sentence} {how}."}
LAST_WORD = re.compile(r"(?:[\u4e00-\u9fff]{1,2}[^\w\s]*|[^\s\u4e00-\u9fff]{1,24})\s*$")
# As much as a last line should have: three words, or six Han letters.
LAST_LINE = re.compile(
    r"(?=.{1,24}$)(?:[\u4e00-\u9fff]{1,6}[^\w\s]*|(?<!\S)(?:[^\s\u4e00-\u9fff]+\s+){1,2}[^\s\u4e00-\u9fff]+)\s*$"
)
SHORT = 20  # letters of code or of a link that stay on one line with the ✓ behind them
WORD_JOINER, NO_BREAK = "\u2060", "\u00a0"  # no line ends here
NUMBERED = re.compile(r"(?<=line) (?=\d)|(?<=lines) (?=\d)|(?<=\d) (?=行)")  # no line ends in these
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
        md.preprocessors.register(Exercises(md, language), "exercises", 34)
        # Before pymdownx.snippets (32) replaces the include by the text.
        md.preprocessors.register(RunMarks(md, language), "run-marks", 33)
        md.preprocessors.register(TryIt(md, language), "try-it", 23)
        # After pymdownx.superfences (25) has put the code away.
        md.preprocessors.register(Lists(md, language), "lists", 22)
        # Before the references (170): an empty one would take its id for the text.
        md.inlinePatterns.register(LineNumbers(md, language), "line-numbers", 171)
        md.inlinePatterns.register(Counts(r"\{(notes|snippets|proofs(?:-\w+)?)\}", md), "counts", 171)
        md.inlinePatterns.register(Dates(r"(?<![\w-])\d{4}-\d\d(?:-\d\d)?(?![\w-])", md), "dates", 60)
        # After the inline patterns (20) have made links and code; where `abbr` (7) stands.
        md.treeprocessors.register(Terms(md, language), "terms", 7)
        md.treeprocessors.register(Sentences(md, language), "sentences", 6)
        md.treeprocessors.register(Cards(md), "cards", 6)
        md.treeprocessors.register(ScrollingTables(md), "scrolling-tables", 6)
        md.treeprocessors.register(External(md), "external", 6)


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
            label = NUMBERED.sub(NO_BREAK, source.label(region, self.language))
            link.text = AtomicString(label.replace("–", f"–{WORD_JOINER}"))
        except LookupError:
            return None, None, None
        return link, m.start(0), m.end(0)


class Exercises(Preprocessor):
    """Show an exercise's code with its gap before the answer, which is folded."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, lines: list[str]) -> list[str]:
        """Look below the heading for the first part of an answer that has a gap."""
        heading = next((i for i, line in enumerate(lines) if line.endswith("{ #exercise }")), len(lines))
        answer = next((i for i in range(heading, len(lines)) if lines[i].startswith("??? ")), len(lines))
        for _, path, part in code_with_includes(lines[answer:]):
            if path.endswith(".py") and (block := exercises.block(path, part, self.language)):
                return [*lines[:answer], *block, *lines[answer:]]
        return lines


class RunMarks(Preprocessor):
    """Tell a fence which snippet or output it includes (docs/playground), or which original (docs/source)."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, lines: list[str]) -> list[str]:
        """Add the attributes where an include stands right below the fence's first line."""
        fences = list(code_with_includes(lines))
        runs_at = running_blocks(fences)
        marked = list(lines)
        for index, path, part in fences:
            if snippet := printed_by(path, part):
                if fence := OUTPUT_FENCE.fullmatch(lines[index]):
                    mark = f'title="{TESTED_OUTPUT[self.language]}" data-out="{snippet}"'
                    marked[index] = f"{fence[1]}{{ .text {mark} }}"
            elif fence := PYTHON_FENCE.fullmatch(lines[index]):
                where = (index > runs_at[path]) - (index < runs_at[path])
                parts = parts_below(lines[index + 1 :], path)
                if mark := playground.mark(path, parts, self.language, where) or originals.mark(path, part):
                    marked[index] = f"{fence[1]}{{ .python{fence[2]} {mark} }}"
        return marked


def code_with_includes(lines: list[str]) -> Iterator[tuple[int, str, str | None]]:
    """Yield the line of each fence that includes something, the file, and the part of it if it has a name."""
    for index, (line, below) in enumerate(pairwise(lines)):
        if (include := INCLUDE.fullmatch(below)) and line.lstrip().startswith("```"):
            yield index, include[1], include[2]


def parts_below(lines: list[str], path: str) -> list[str]:
    """Return the names of the parts of a file that the lines begin by including."""
    includes = takewhile(bool, map(INCLUDE.fullmatch, lines))
    return [include[2] for include in includes if include and include[1] == path and include[2]]


def running_blocks(fences: list[tuple[int, str, str | None]]) -> dict[str, int]:
    """Return which block of each file gets the button: the last one before its output."""
    runs_at, printed = dict[str, int](), set[str]()
    for index, path, part in fences:
        if snippet := printed_by(path, part):
            printed.add(snippet)
        elif path not in printed:
            runs_at[path] = index
    return {path: runs_at.get(path, index) for index, path, _ in fences}


class TryIt(Preprocessor):
    """Add to a hazard and to the row of a route a link that opens the console with that request.

    A hazard's number becomes the link to it, for who wants to pass it on.
    """

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, lines: list[str]) -> list[str]:
        """Add the link to the first cell of a hazard, to the path of a route."""
        told = {found[1] for line in lines if (found := HAZARD.fullmatch(line))}
        return [self.with_link(line, told) for line in lines]

    def with_link(self, line: str, hazards: set[str]) -> str:
        """Return a line with its link; any other as it is, and a row that is numbered for another reason."""
        if told := HAZARD.fullmatch(line):
            here = f'<a href="#h{told[1]}" title="{LINK_HERE[self.language]}">{told[1]}</a>'
            preset, before, after = f"hazard-{told[1]}", f"**{here}{told[2]}", ""
        elif (hazard := HAZARD_ROW.fullmatch(line)) and hazard[2] in hazards:
            preset, before, after = f"hazard-{hazard[2]}", hazard[1], hazard[3]
        elif route := ROUTE_ROW.fullmatch(line):
            preset, before, after = f"{route[4]} {route[2]}", route[1], route[3]
        else:
            return line
        if preset not in playground.presets():
            return before + after
        label, address = TRY_IT[self.language], f"../try-it/?preset={quote(preset)}"
        link = f'<a class="try-it" href="{address}" aria-label="{label}: {escape(preset)}">{label} ▶</a>'
        return f"{before} {link}{after}"


class Lists(Preprocessor):
    """Write a list where `{concepts}`, `{proof-pages}` or `{versions}` stands alone on a line."""

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
            elif line == "{versions}":
                result += generated.version_table(self.language)
            else:
                result.append(line)
        return result


class Counts(InlineProcessor):
    """Write how many `{notes}`, `{snippets}` and `{proofs}` there are; `{proofs-real}` are of that kind."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:
        """Put the number in place of the word."""
        return str(generated.counts()[m[1]]), m.start(0), m.end(0)


class Dates(InlineProcessor):
    """Keep a date on one line: a browser breaks it after a hyphen."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        """Wrap it."""
        span = Element("span", {"class": "date"})
        span.text = AtomicString(m[0])
        return span, m.start(0), m.end(0)


class External(Treeprocessor):
    """Tell links into other sites, whose addresses are printed: Material makes every address a whole one."""

    def run(self, root: Element) -> None:
        """Mark those that the page writes as whole addresses."""
        for link in root.iter("a"):
            if link.get("href", "").startswith("http"):
                link.set("rel", "external")


class Cards(Treeprocessor):
    """Let site.css turn rows of tables into cards: name each cell, and keep the roles that CSS takes."""

    ROLES: ClassVar = {
        "table": "table",
        "thead": "rowgroup",
        "tbody": "rowgroup",
        "tr": "row",
        "th": "columnheader",
        "td": "cell",
    }

    def run(self, root: Element) -> None:
        """Go through all tables."""
        for table in root.iter("table"):
            heads = ["".join(head.itertext()).strip() for head in table.iter("th")]
            for element in table.iter():
                if role := self.ROLES.get(element.tag):
                    element.set("role", role)
            for row in table.iter("tr"):
                for head, cell in list(zip(heads, row.findall("td"), strict=False))[1:]:
                    name_cell(cell, head)


class ScrollingTables(Treeprocessor):
    """Give each table the wrapper in which it scrolls: if Material's script does, it is styled again."""

    def run(self, root: Element) -> None:
        """Wrap them; Material's script leaves a table alone that has a class."""
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag != "table" or table.get("class"):
                    continue
                outer = Element("div", {"class": "md-typeset__scrollwrap"})
                inner = SubElement(outer, "div", {"class": "md-typeset__table"})
                parent[place], outer.tail, table.tail = outer, table.tail, None
                inner.append(table)
                table.set("class", "scrolling")


def name_cell(cell: Element, head: str) -> None:
    """Say what a cell is; one element holds its content, beside that name."""
    content = Element("span", {"class": "cell"})
    content.text, cell.text = cell.text, None
    content[:] = cell[:]
    cell.set("data-label", head)
    cell[:] = [content] if content.text or len(content) else []


class Sentences(Treeprocessor):
    """Give each ✓ a name that says what is proven and how it is known; bind it to the word before it."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, root: Element) -> None:
        """Look for the references that autorefs will turn into links."""
        self.proofs, self.seen = Project().proofs(), set[str]()
        for parent in list(root.iter()):
            if any(self.is_proof(child) for child in parent):
                self.bind(parent)

    def is_proof(self, element: Element) -> bool:
        """Say whether an element is a ✓."""
        return element.tag == "autoref" and element.get("identifier", "") in self.proofs

    def bind(self, parent: Element) -> None:
        """Put each ✓ into a span with the end of the text before it, so that no line begins with it.

        The last of a paragraph takes more along, so that no line holds one word and a ✓.
        """
        children = list(parent)
        parent[:] = []
        for number, child in enumerate(children):
            last = parent[-1] if len(parent) else None
            if not self.is_proof(child):
                parent.append(child)
                continue
            before = (parent.text if last is None else last.tail) or ""
            if last is not None and last.get("class") == "proven" and not before.strip():
                last.append(self.named(child))  # a second one after the same word
            else:
                ends = all(self.is_proof(one) and not (one.tail or "").strip() for one in children[number:])
                rest, word = split(before, LAST_LINE if ends else LAST_WORD)
                span = Element("span", {"class": "proven"})
                blank = NO_BREAK if before and self.language == "en" else WORD_JOINER  # after bold text
                span.text, span.tail = word or blank, child.tail
                if last is not None and not word and is_short(last):
                    parent.remove(last)
                    span.text, last.tail = None, blank
                    span.append(last)
                    last = parent[-1] if len(parent) else None
                    rest = (parent.text if last is None else last.tail) or ""
                span.append(self.named(child))
                if last is None:
                    parent.text = rest
                else:
                    last.tail = rest
                parent.append(span)
            parent[-1].tail, child.tail = child.tail, None

    def named(self, reference: Element) -> Element:
        """Give a ✓ its name, its class, and its id where the page first cites the proof."""
        proof = self.proofs[reference.get("identifier", "")]
        kind = witness.kinds_here().get(proof.name, "code")
        sentence = proof.sentence(self.language).replace("`", "")
        how = witness.KINDS[kind][self.language] + versions.read().note(proof.name, self.language)
        text = NAME[self.language].format(sentence=sentence, how=how)
        # Twice: autorefs reads the attribute and writes it without escaping it again. The title comes with
        # the pointer (theme/main.html): Material prepares a tooltip for each that is there from the start.
        reference.set("aria-label", escape(escape(text)))
        reference.set("class", f"proof {kind}")
        if proof.name not in self.seen:
            reference.set("id", proof.name)
            self.seen.add(proof.name)
        return reference


def is_short(element: Element) -> bool:
    """Say whether code or a link may stay on one line with the ✓ behind it."""
    return element.tag in ("code", "a") and len("".join(element.itertext())) <= SHORT


def split(text: str, end: re.Pattern[str]) -> tuple[str, str]:
    """Split a text before its end, else before its last word or two Han letters, with their punctuation."""
    found = end.search(text) or LAST_WORD.search(text)
    return (text[: found.start()], text[found.start() :]) if found else (text.rstrip(), "")


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
        found = [
            match for match in self.pattern.finditer(text) if is_whole(match) and self.is_first(match[0])
        ]
        starts = [match.start() for match in found] + [len(text)]
        for match, end in zip(found, starts[1:], strict=True):
            # Touch and keyboard reach what can have the focus.
            abbr = Element("abbr", title=self.sentences[match[0]], tabindex="0")
            abbr.text, abbr.tail = AtomicString(match[0]), text[match.end() : end]
            parent.append(abbr)
        return text[: starts[0]]

    def is_first(self, term: str) -> bool:
        """Say whether the page has not mentioned it before."""
        return self.left.pop(term, None) is not None


def with_edges(term: str) -> str:
    """Return a pattern for a term; Han words have no edges, but 协程函数 (coroutine function) is no 协程."""
    return rf"\b{re.escape(term)}\b" if term.isascii() else rf"{re.escape(term)}(?!函数)"


def is_whole(match: re.Match[str]) -> bool:
    """Say whether a term is no part of another word: 路由 ("route") is one of 路由器 ("router")."""
    return match[0].isascii() or {match.start(), match.end()} <= word_borders(match.string)


@cache
def word_borders(text: str) -> set[int]:
    """Return where words begin and end, as the search cuts them."""
    return {0, *accumulate(map(len, jieba.cut(text)))}


def glossary(language: str) -> dict[str, str]:
    """Return the sentence of each term."""
    rows = GLOSSARY_ROW.findall(Project().pages(language)["glossary"].source)
    return {term: sentence.replace("`", "") for term, _, sentence in rows}
