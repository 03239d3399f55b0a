"""How code is coloured: a long docstring is folded, and a long line goes on further in on a phone."""

import html
import re

from markdown import Markdown

from tools.highlight import FITS, fold_docstrings, mark_indents

SHORT = '''def short() -> None:
    """Say one thing.

    And another."""
'''
LONG = '''def long(value: str) -> str:
    """Say one thing.

    Raises:
        ValueError: it is empty.
    """
    return value
'''


def highlighted(source: str) -> str:
    """Return a block as the pages show it."""
    extensions = ["pymdownx.superfences", "pymdownx.highlight"]
    return fold_docstrings(Markdown(extensions=extensions).convert(f"```python\n{source}```"))


def test_a_long_docstring_is_folded_after_its_first_line() -> None:
    """What stands after the control is the rest of it and nothing else; no character is lost."""
    block = highlighted(LONG)
    assert block.count('class="fold"') == 1
    before, _, after = block.partition(
        '<input type="checkbox" class="fold" aria-label="rest of the docstring"><span>'
    )
    text = [html.unescape(re.sub("<[^>]+>", "", part)) for part in (before, after)]
    assert text[0].endswith('"""Say one thing.')
    assert "".join(text) == LONG.rstrip("\n") + "\n"
    rest = re.sub("<[^>]+>", "", after.partition("</span></span>")[0])
    assert rest.split() == ["Raises:", "ValueError:", "it", "is", "empty.", '"""']


def test_a_short_one_is_not() -> None:
    """Three lines stay as they are, also before a long one."""
    assert "fold" not in highlighted(SHORT)
    assert highlighted(SHORT + LONG).count('class="fold"') == 1


def test_a_line_that_a_phone_wraps_names_its_indent() -> None:
    """From 8 on, in steps of 4, up to 16; a short line and a docstring do not, and no character is lost.

    No such line ends in the middle of an arrow.
    """
    long, short = "x = 1 + " * 9 + "1", "y = 1"
    lines = [" " * indent + code for indent in (0, 4, 8, 10, 12, 16, 24) for code in (long, short)]
    lines += ["def f() -> int: ...", f"def {'f' * 40}() -> int: ..."]
    source = "\n".join([*lines, " " * 8 + f'"""{"word " * 12}"""']) + "\n"
    extensions = ["pymdownx.superfences", "pymdownx.highlight"]
    block = mark_indents(Markdown(extensions=extensions).convert(f"```python\n{source}```"))
    assert re.findall(r'class="in-(\d+)"', block) == ["8", "8", "12", "16", "16"]
    assert html.unescape(re.sub("<[^>]+>", "", block)) == source
    assert block.count('<span class="to">-&gt;</span>') == 1
    assert len(long) > FITS > len(short)
