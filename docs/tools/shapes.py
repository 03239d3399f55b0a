"""What the figures are drawn of: text in lines, boxes and arrows (figures.py, interactive.py).

Lengths are CSS pixels; a figure is at most 440 wide, so that its text stays legible on a phone.
"""

import re
from collections.abc import Callable, Iterator

import drawsvg as draw

WIDTH = 440
SIZE = 14  # of the text
WRONG = "✗"
LINE = 18  # from one line of text to the next
Shapes = Iterator[draw.DrawingElement]


def text_width(text: str) -> float:
    """Estimate how wide a text is set: a Han character is square, a Latin one about half of that."""
    tenths = sum(10 if ord(c) > 0x2E80 else 6 for c in text)  # whole numbers: 3.12 adds floats otherwise
    return tenths * SIZE / 10


def wrap(text: str, width: float, measure: Callable[[str], float] = text_width) -> list[str]:
    """Break a text into lines about as long as each other, between words and between Han characters."""
    lines = fill(text, width, measure)
    while width > SIZE and len(narrower := fill(text, width - SIZE, measure)) == len(lines):
        lines, width = narrower, width - SIZE
    return lines


def fill(text: str, width: float, measure: Callable[[str], float] = text_width) -> list[str]:
    """Break a text into lines, each as long as fits; no mark is torn from its phrase."""
    lines = [""]
    for word in re.findall(r"[（“]?(?:[\u2e80-\uffff]|[^\s\u2e80-\uffff]+)[，。；：、！？）”]?\s*|\s+", text):
        if lines[-1] and measure(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def wrong(text: str, kind: str) -> str:
    """Return the kind of a shape whose text says that something goes wrong; else none."""
    return kind if text.endswith(WRONG) else ""


def label(text: str, x: float, y: float, width: float, kind: str = "", anchor: str = "middle") -> Shapes:
    """Set a text in lines around the height `y`; in red if a ✗ at its end says that something goes wrong."""
    text = str(text)  # YAML reads a hash of digits as a number
    kind += wrong(text, " wrong")
    lines = wrap(text, width)
    for number, line in enumerate(lines):
        middle = y + (number - (len(lines) - 1) / 2) * LINE
        yield draw.Text(line, SIZE, x, middle, text_anchor=anchor, dominant_baseline="central", class_=kind)


def box(text: str, x: float, y: float, width: float, height: float, kind: str = "") -> Shapes:
    """Draw a box with its text in the middle."""
    yield draw.Rectangle(x, y, width, height, rx=5, class_=f"box {kind}")
    yield from label(text, x + width / 2, y + height / 2, width - 12)


def arrow(x1: float, y1: float, x2: float, y2: float, kind: str = "") -> Shapes:
    """Draw an arrow along one axis."""
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    yield draw.Line(x1, y1, x2 - 6 * dx, y2 - 6 * dy, class_=f"line {kind}")
    side = [x2 - 9 * dx + 4 * dy, y2 - 9 * dy + 4 * dx, x2 - 9 * dx - 4 * dy, y2 - 9 * dy - 4 * dx]
    yield draw.Lines(x2, y2, *side, close=True, class_="head")
