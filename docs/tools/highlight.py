"""How code is coloured."""

from collections.abc import Iterable, Iterator
from typing import Any

from pygments.filter import Filter
from pygments.token import Comment, Keyword, Literal, Name, Operator, Text


class FewerSpans(Filter):  # type: ignore[misc]  # Pygments ships no types
    """Leave ordinary names, punctuation and blanks without a span: half of the elements of a page with code."""

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
