"""How code is coloured, and that each block is coloured once."""

from collections.abc import Iterable, Iterator
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
            yield kind if any(kind in one for one in self.COLOURED) else Text, value


_highlighted: dict[str, str] = {}


def fence(source: str, language: str, css_class: str, options: object, md: Any, **attributes: object) -> str:
    """Highlight a block as pymdownx.superfences does, but only once: this is half of the time of a draft.

    `mkdocs serve` renders all pages whenever one is saved, and both languages show the same code.
    """
    key = repr((source, language, options, attributes))
    if key not in _highlighted:
        superfences = md.preprocessors["fenced_code_block"]
        _highlighted[key] = superfences.highlight(source, language, options, md, **attributes)
    return _highlighted[key]
