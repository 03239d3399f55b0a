"""How code is coloured, each block once; how a long docstring is folded, and how a phone wraps a line."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import Any

from pygments.filter import Filter
from pygments.token import Comment, Keyword, Literal, Name, Operator, Text


class FewerSpans(Filter):  # type: ignore[misc]  # Pygments ships no types
    """Leave ordinary names, punctuation and blanks without a span: half of the elements of a page."""

    COLOURED = (
        Comment,
        Keyword,
        Literal,
        Name.Builtin,
        Name.Class,
        Name.Decorator,
        Name.Function,
        Operator.Word,
    )

    def filter(self, lexer: object, stream: Iterable[Any]) -> Iterator[Any]:
        """Call everything text that has no colour of its own."""
        for kind, value in stream:
            yield self.shown(kind), value

    @classmethod
    @cache
    def shown(cls, kind: Any) -> Any:
        """Return the kind itself if it has a colour."""
        return kind if any(kind in one for one in cls.COLOURED) else Text


# A docstring of more than three lines: its first line, and the rest.
LONG_DOCSTRING = re.compile(r'(<span class="sd">r?""".*</span>)((?:\n+<span class="sd">.*</span>){2,})')
# A checkbox needs no script; site.css shows it as an ellipsis.
FOLD = r'\1<input type="checkbox" class="fold" aria-label="rest of the docstring"><span>\2</span>'

LINE = re.compile(r"^.+$", re.MULTILINE)
ARROW = "-&gt;"
TAG = re.compile(r"<[^>]+>")
FITS = 45  # letters of a line on a phone of 390 px

_highlighted: dict[str, str] = {}


def fence(source: str, language: str, css_class: str, options: object, md: Any, **attributes: object) -> str:
    """Highlight a block as pymdownx.superfences does, but only once: this is half of the time of a draft.

    `mkdocs serve` renders all pages whenever one is saved, and both languages show the same code.
    """
    key = repr((source, language, options, attributes))
    if key not in _highlighted:
        superfences = md.preprocessors["fenced_code_block"]
        html = superfences.highlight(source, language, options, md, **attributes)
        _highlighted[key] = fold_docstrings(mark_indents(html)) if language == "python" else html
    return _highlighted[key]


def mark_indents(html: str) -> str:
    """Name the indent of a line that a phone wraps, so that it goes on further in (site.css)."""
    head, code, rest = html.partition("<code>")
    return head + code + LINE.sub(lambda found: marked(found[0]), rest)


def marked(line: str) -> str:
    """Keep an arrow whole, and return the line in an element that names its indent if 8 are too few."""
    text = unescape(TAG.sub("", line))
    indent = len(text) - len(text.lstrip(" "))
    if len(text) <= FITS or 'class="sd"' in line:
        return line
    line = line.replace(ARROW, f'<span class="to">{ARROW}</span>')
    if indent < 8:
        return line
    return f'<span class="in-{min(indent // 4 * 4, 16)}">{line}</span>'


def fold_docstrings(html: str) -> str:
    """Fold what a docstring of more than three lines says after its first: arguments, errors, sources."""
    return LONG_DOCSTRING.sub(
        lambda found: found.expand(FOLD) if found[2].count("\n") > 2 else found[0], html
    )
