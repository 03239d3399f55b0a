"""Write what the search box knows: `docs/theme/assets/javascripts/search` reads it.

Of a built page, each section's prose goes in whole, with the sentences of the proofs that it cites, and of
its code the names. MiniSearch, which answers, comes from npm (docs/playground); where that is out of reach,
Material's own search and index stay in place.
"""

import json
import re
import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jieba
import opencc

from playground import build as playground
from source import build as source
from tools import generated
from tools.model import Page, Project, snake_case
from tools.source_map import source_maps

ARTICLE = re.compile(r"<article .*</article>", re.DOTALL)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LINES = (
    *HEADINGS,
    "p",
    "li",
    "tr",
    "div",
    "summary",
    "figcaption",
    "dt",
    "dd",
)  # each begins a line of prose
EMPTY = ("br", "hr", "img", "input", "wbr")  # never closed
# No prose: Material's ¶, the line above the title, mkdocstrings' labels.
NOT_READ = re.compile(r"\b(headerlink|facts|strip|doc-labels)\b")
QUOTED = re.compile(r"s|c|sd|se|c1|cm|s[12]")  # pygments' classes of strings and comments
WORD_JOINER = "\u2060"  # docs/tools/markdown.py keeps lines together with it
HAN_LETTER = re.compile(r"[\u4e00-\u9fff]")
HAN = re.compile(r"[\u4e00-\u9fff]+")
# What a ✓ leaves behind it: Chinese has no blank there.
BLANKS = re.compile(r" +(?=[。，；：！？、）”])|(?<=[。，；：！？、）”]) +")
# As docs/theme/assets/javascripts/search/words.js takes a query apart: `raise-404` is one.
WORD = re.compile(r"[\u4e00-\u9fff]+|(?a:\w+(?:[.-]\w+)*)")
ESCAPE = re.compile(r"\\[nrt]")  # in a string, before a word that does not begin with it
CALLED = re.compile(r"(?<![\w.])[A-Za-z]\w*(?=\()", re.ASCII)
# Strings, comments and outputs too: `--listen`, `send_sync`, `web.Request`, `ValueError`, `If-None-Match`.
NAME = re.compile(r"--\w[\w-]+|\w+(?:[._]\w+)+|_\w+|\w*[a-z][A-Z]\w*|[A-Z]\w*(?:-[A-Z]\w*)+", re.ASCII)


@dataclass
class Section:
    """A heading and what stands below it, up to the next one."""

    id: str
    level: int
    title: str = ""
    text: str = ""
    code: str = ""
    quoted: str = ""  # strings, comments, outputs, names of files
    proofs: list[str] = field(default_factory=list)

    def add(self, kind: str, text: str) -> None:
        """Append to one of the texts."""
        setattr(self, kind, getattr(self, kind) + text)


class Reader(HTMLParser):
    """Takes a built page apart into sections."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sections: list[Section] = []
        self.around = [("", "text")]  # the tags that are open, each with what its text is
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a section, a line or a cell."""
        values = {name: value or "" for name, value in attrs}
        named = tag == "strong" and "id" in values  # a hazard: bold words with an address of their own
        if tag in HEADINGS or named:
            self.sections.append(Section(values.get("id", ""), 4 if named else int(tag[1])))
        elif tag == "a" and "proof" in values.get("class", "").split():
            self.sections[-1].proofs.append(values["href"].partition("#")[2])
        kind = "title" if named else self.kind(tag, values.get("class", ""))
        if tag == "code":
            self.add("`", of=("text", "title"))
        elif tag in (*LINES, "pre", "text"):
            self.add("\n", of=("text", "code", "quoted"))
        elif tag in ("td", "th"):
            self.add(" · ", of=("text",))
        elif tag == "sup":
            self.add("^", of=("text",))
        if tag not in EMPTY:
            self.around.append((tag, kind))

    def kind(self, tag: str, classes: str) -> str:
        """Return what the text of an element is: that of the element around it, unless it says otherwise."""
        kind = self.around[-1][1]
        if tag in ("script", "button") or NOT_READ.search(classes) or "proof" in classes.split():
            return ""
        if tag == "svg":
            return "quoted"
        if tag in HEADINGS:
            return "title"
        if kind == "text" and "highlight" in classes.split():
            return "code" if "language-python" in classes else "quoted"
        if kind == "code" and ("filename" in classes or QUOTED.fullmatch(classes)):
            return "quoted"
        return kind

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        if tag == "code":
            self.add("`", of=("text", "title"))
        while len(self.around) > 1 and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Add to the text of the section."""
        kind, data = self.around[-1][1], data.replace(WORD_JOINER, "")
        self.add(ESCAPE.sub(" ", data) if kind in ("code", "quoted") else re.sub(r"\s+", " ", data))

    def add(self, text: str, of: tuple[str, ...] = ("title", "text", "code", "quoted")) -> None:
        """Append to what is being read, if it is one of these."""
        if self.sections and (kind := self.around[-1][1]) in of:
            self.sections[-1].add(kind, text)


def cut(text: str) -> str:
    """Put U+200B between the Chinese words of a text."""
    return HAN.sub(lambda run: "\u200b".join(jieba.cut(run[0])), text)


def tidy(text: str) -> str:
    """Return the lines of a text without the blanks around them and what separates no cells."""
    lines = (re.sub(r" +", " ", line).strip(" ·") for line in text.replace("``", "").split("\n"))
    return cut("\n".join(BLANKS.sub("", line) for line in lines if line))


def read_pages(site: Path, language: str) -> dict[Page, list[Section]]:
    """Return the sections of each page, as it was built."""
    pages = {}
    for page in Project().pages(language).values():
        file = site / page.address.removeprefix("en/") / "index.html"
        if article := ARTICLE.search(file.read_text("utf-8")):
            pages[page] = Reader(article[0]).sections
    return pages


def proofs_at_home(pages: dict[Page, list[Section]]) -> dict[str, Section]:
    """Return for each proof the first section that cites it, on its own page if it is cited there."""
    homes: dict[str, Section] = {}
    own: dict[str, Section] = {}
    for page, sections in pages.items():
        module = f"tests.{snake_case(page.path).replace('/', '.test_')}."
        for section in sections:
            for name in section.proofs:
                (own if name.startswith(module) else homes).setdefault(name, section)
    return homes | own


def write_index(site: Path, language: str) -> None:
    """Put `search/docs.json` and MiniSearch into a built site.

    Material would fetch MkDocs' index at every first view; it is emptied.
    """
    pages = index_of(read_pages(site, language), language)
    index = {
        "pages": pages,
        "simplified": simplified(pages),
        "lines": lines(language),
        "tag": source_maps()["server.py"].tag,
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (site / "search/docs.json").write_text(text, "utf-8")
    shutil.copy(playground.minisearch(), site / "assets/javascripts/search/minisearch.js")
    emptied = site / "search/search_index.json"
    emptied.write_text(json.dumps({**json.loads(emptied.read_text("utf-8")), "docs": []}), "utf-8")


def lines(language: str) -> dict[str, list[tuple[int, int, str, str]]]:
    """Return for each mapped file its regions: first and last line, what it does, where it is explained."""
    return {
        file: [
            (first, last, does, address.removeprefix("en/"))
            for first, last, does, address in source.explained(known, language)
        ]
        for file, known in source_maps().items()
    }


def index_of(pages: dict[Page, list[Section]], language: str) -> list[dict[str, Any]]:
    """Return what the search knows of each page."""
    proofs, homes = Project().proofs(), proofs_at_home(pages)
    belongs = {path: title for title, paths in generated.sections().items() for path in paths}
    words = other_words(pages)
    return [
        {
            "path": page.address.removeprefix("en/"),
            "where": belongs.get(page.path, ""),
            "keywords": [cut(str(word)) for word in page.meta.get("keywords", [])],
            "words": words[page],
            "sections": [
                {
                    "id": section.id,
                    "level": section.level,
                    "title": tidy(section.title).rstrip(",，"),  # bold words may end there
                    "text": tidy(section.text),
                    "names": names,
                    "proofs": [
                        cut(proofs[name].sentence(language))
                        for name in dict.fromkeys(section.proofs)
                        if name in proofs and homes[name] is section
                    ],
                }
                for section, names in zip(sections, names_of(sections), strict=True)
            ],
        }
        for page, sections in pages.items()
    ]


def names_of(sections: list[Section]) -> list[list[str]]:
    """Return for each section the names that its code has and the page's text has not, each once a page."""
    text = "".join(section.title + section.text for section in sections)
    seen = set[str]()
    result = []
    for section in sections:
        found = {*CALLED.findall(section.code), *NAME.findall(section.code), *NAME.findall(section.quoted)}
        names = sorted(name for name in found - seen if len(name) > 2 and name not in text)
        seen.update(names)
        result.append(names)
    return result


def other_words(pages: dict[Page, list[Section]]) -> dict[Page, list[str]]:
    """Return for each page the words of its code and drawings that stand in no prose and on no page before.

    They find little, but what is there must not be called missing.
    """
    prose = "\n".join(f"{s.title}\n{s.text}" for sections in pages.values() for s in sections).lower()
    seen = set(WORD.findall(prose))
    result = {}
    for page, sections in pages.items():
        found = set(WORD.findall("\n".join(s.code + s.quoted for s in sections).lower())) - seen
        seen |= found
        result[page] = sorted(
            word for word in found if word not in prose and not re.fullmatch(r"\w", word, re.ASCII)
        )
    return result


def simplified(pages: list[dict[str, Any]]) -> dict[str, str]:
    """Return traditional characters, and words as Taiwan has them, with what this site writes instead."""
    text = json.dumps(pages, ensure_ascii=False)
    used, words = set(HAN_LETTER.findall(text)), set(HAN.findall(text))
    to_simplified, to_taiwan = opencc.OpenCC("t2s"), opencc.OpenCC("s2twp")
    letters = "\n".join(map(chr, range(0x4E00, 0xA000)))
    pairs = dict(zip(letters.split("\n"), to_simplified.convert(letters).split("\n"), strict=True))
    other = {to_simplified.convert(to_taiwan.convert(word)): word for word in sorted(words)}
    uncut = text.replace("\u200b", "")
    return {
        **{old: new for old, new in pairs.items() if new != old and new in used and old not in used},
        **{old: new for old, new in other.items() if len(old) > 1 and old not in uncut},
    }
