"""Each kind of figure draws what its text says, within a phone's width, and refuses what it cannot draw."""

import re
from xml.etree import ElementTree

import pytest
from pymdownx.superfences import SuperFencesException

from tools import figures
from tools.model import LANGUAGES, Project

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [
    (f"{page.name}#{section.id}", source)
    for page in Project().all_pages()
    for section in page.sections
    for source in re.findall(r"^```figure\n(.*?)^```$", section.text, re.DOTALL | re.MULTILINE)
]


def draw(source: str) -> ElementTree.Element:
    """Draw one fence; return its SVG."""
    svg = ElementTree.fromstring(figures.fence(source, "figure", "figure", {}, None)).find(f"{SVG}svg")
    assert svg is not None
    return svg


def test_there_are_ten_in_each_language() -> None:
    """At least ten figures a language."""
    for language in LANGUAGES:
        assert sum(where.startswith(f"docs/{language}/") for where, _ in FIGURES) >= 10


@pytest.mark.parametrize(("where", "source"), FIGURES, ids=[where for where, _ in FIGURES])
def test_draws_within_its_width(where: str, source: str) -> None:
    """No text or box of any figure on the site leaves the picture, and it has a text of its own."""
    svg = draw(source)
    assert svg.get("aria-label"), where
    for text in svg.iter(f"{SVG}text"):
        if "rotate" in text.get("transform", ""):
            continue  # written upwards
        wide = figures.text_width(text.text or "") * float(text.get("font-size", "nan")) / figures.SIZE
        left = float(text.get("x", "nan"))
        left -= {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0)
        assert left >= -2, f"{where}: “{text.text}” begins {-left:.0f} px outside"
        assert left + wide <= figures.WIDTH + 2, f"{where}: “{text.text}” is too long"
    for box in svg.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("x", "nan")) <= figures.WIDTH, where


def test_a_label_is_text_not_markup() -> None:
    """What a label says cannot become markup."""
    svg = draw("kind: flow\ntitle: a < b & c\nsteps: ['x < y & z']")
    assert svg.get("aria-label") == "a < b & c"
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["x < y & z"]


def test_lines_break_between_han_and_between_words() -> None:
    """A long label is broken between Han characters and between words, never inside a word."""
    assert figures.wrap("one two", 50) == ["one", "two"]
    assert figures.wrap("一二三四", 30) == ["一二", "三四"]
    assert figures.wrap("identifier", 10) == ["identifier"]


@pytest.mark.parametrize(
    "source",
    ["kind: pie\ntitle: x", "kind: flow\nsteps: [a]", "kind: flow\ntitle: x", "- not a mapping", "a: b: c"],
)
def test_refuses(source: str) -> None:
    """A fence that cannot be drawn stops the build, with its text."""
    with pytest.raises(SuperFencesException, match="a figure needs"):
        draw(source)
