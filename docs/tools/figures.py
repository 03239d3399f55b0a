"""Draw the figures: a fence of YAML on a page becomes inline SVG, in the page's own language and colours.

Each kind is one function from the fence's mapping to shapes; `theme/assets/site.css` colours the classes.
Those that can be touched are in interactive.py.
"""

import re
from collections.abc import Callable
from functools import cache
from html import escape
from math import fsum
from typing import Any

import drawsvg as draw
import yaml
from pymdownx.superfences import SuperFencesException

from tools import interactive
from tools.shapes import LINE, WIDTH, arrow, box, label, text_width, wrap, wrong
from tools.source_picture import overview, source

Spec = dict[str, Any]


def sequence(spec: Spec) -> tuple[float, list[draw.DrawingElement]]:
    """Draw who sends what to whom: `lanes: {a: A, b: B}`, `steps: [a > b: text, a: note, —: part]`."""
    lanes = list(spec["lanes"])
    gap = WIDTH / len(lanes)
    x = {lane: gap * (number + 0.5) for number, lane in enumerate(lanes)}
    shapes: list[draw.DrawingElement] = []
    y = 52.0
    for step in spec["steps"]:
        ((where, text),) = step.items()
        ends = [end.strip() for end in re.split(r"[>~]", where)]
        if where == "—":
            shapes += [
                draw.Line(0, y + 8, WIDTH, y + 8, class_="part"),
                *label(text, 4, y + 24, WIDTH, "name over", "start"),
            ]
            y += 40
        elif len(ends) == 1:
            lines = wrap(text, gap - 24)  # as box() does
            height = LINE * len(lines) + 10
            kind = f"note actor-{lanes.index(where)}"
            shapes += box(text, x[where] - gap / 2 + 6, y, gap - 12, height, kind)
            y += height + 10
        else:
            start, end = (x[lane] for lane in ends)
            wide = max(abs(end - start), gap) - 10
            lines = wrap(text, wide)
            shapes += label(text, (start + end) / 2, y + LINE * len(lines) / 2, wide, "said")
            y += LINE * len(lines) + 6
            kind = f"from-{lanes.index(ends[0])}" + (" back" if "~" in where else "")
            shapes += arrow(start, y, end, y, kind + wrong(str(text), " failed"))
            y += 14
    heads = [
        shape
        for number, lane in enumerate(lanes)
        for shape in box(spec["lanes"][lane], x[lane] - gap / 2 + 4, 2, gap - 8, 38, f"actor-{number}")
    ]
    lines = [draw.Line(x[lane], 40, x[lane], y, class_="lane") for lane in lanes]
    return y + 4, [*lines, *heads, *shapes]


def timeline(spec: Spec) -> tuple[float, list[draw.DrawingElement]]:
    """Draw what runs when: `rows: [[name, [[start, end, text], …]], …]`, where a bar needs no text."""
    rows = spec["rows"]
    last = max(end for _, bars in rows for _, end, *_ in bars)
    left = max(text_width(name) for name, _ in rows) + 12
    shapes: list[draw.DrawingElement] = []
    for number, (name, bars) in enumerate(rows):
        y = 6 + number * 40
        shapes += label(name, 0, y + 14, left, "name", "start")
        shapes.append(draw.Line(left, y + 14, WIDTH, y + 14, class_="lane"))
        for start, end, *text in bars:
            at = left + start / last * (WIDTH - left)
            wide = max((end - start) / last * (WIDTH - left) - 1, 3)
            shapes.append(draw.Rectangle(at, y, wide, 28, rx=3, class_="bar"))
            if text:
                shapes += label(text[0], at + wide / 2, y + 14, wide, "in-bar")
    y = 6 + len(rows) * 40
    if "axis" in spec:
        shapes += label(spec["axis"].format(round(last)), WIDTH, y + 8, WIDTH, "said", "end")
        y += 20
    return y, shapes


def nest(spec: Spec) -> tuple[float, list[draw.DrawingElement]]:
    """Draw layers around a core: `layers: [outermost, …, core]`, `goes: in`, `comes: out`."""
    layers = spec["layers"]
    inset, top, side = 34, 30, 70
    height = 74 + 2 * top * (len(layers) - 1)
    shapes: list[draw.DrawingElement] = []
    for depth, name in enumerate(layers):
        x, y = side + depth * inset, 2 + depth * top
        kind = f"layer depth-{depth % 4}"
        shapes.append(draw.Rectangle(x, y, WIDTH - 2 * x, height - 2 * depth * top, rx=10, class_=kind))
        core = depth == len(layers) - 1
        at = height / 2 if core else y + 16
        shapes += label(name, WIDTH / 2, at, WIDTH - 2 * x - 12, "name")
    edge = side + (len(layers) - 1) * inset
    shapes += [
        *arrow(0, height / 2 - 14, edge + 20, height / 2 - 14),
        *arrow(edge + 20, height / 2 + 18, 0, height / 2 + 18),
    ]
    shapes += label(spec["goes"], 0, height / 2 - 26, side, "said", "start")
    shapes += label(spec["comes"], 0, height / 2 + 32, side, "said", "start")
    return height + 4, shapes


def flow(spec: Spec) -> tuple[float, list[draw.DrawingElement]]:
    """Draw a way down: `steps: [text, {text: [exit, …]}, …]`; an exit leaves to the right."""
    shapes: list[draw.DrawingElement] = []
    y, wide = 2.0, WIDTH * 0.56
    for number, step in enumerate(spec["steps"]):
        text, exits = next(iter(step.items())) if isinstance(step, dict) else (step, [])
        height = max(LINE * len(wrap(text, wide - 12)) + 16, LINE * 2 * len(exits))
        if number:
            shapes += arrow(wide / 2, y, wide / 2, y + 18)
            y += 18
        shapes += box(text, 0, y, wide, height, "end" if step == spec["steps"][-1] else "step")
        for place, out in enumerate(exits):
            at = y + height * (place + 0.5) / len(exits)
            shapes += arrow(wide, at, wide + 22, at, wrong(out, "failed"))
            shapes += label(out, wide + 28, at, WIDTH - wide - 30, "said", "start")
        y += height
    return y + 4, shapes


def commits(spec: Spec) -> tuple[float, list[draw.DrawingElement]]:
    """Draw `commits: [[below, above], …]` and how the last is described: `reads: [[part, meaning], …]`."""
    gap = WIDTH / len(spec["commits"])
    shapes: list[draw.DrawingElement] = [draw.Line(gap / 2, 54, WIDTH - gap / 2, 54, class_="line")]
    for number, (below, above) in enumerate(spec["commits"]):
        x = gap * (number + 0.5)
        shapes.append(draw.Circle(x, 54, 9, class_="commit tagged" if above else "commit"))
        shapes += label(below, x, 80, gap, "said")
        if above:
            shapes += box(above, x - gap / 2 + 8, 4, gap - 16, 28, "note")
    y = 110.0
    width = [max(text_width(part) * 1.15, text_width(meaning)) + 14 for part, meaning in spec["reads"]]
    x = (WIDTH - fsum(width)) / 2
    for (part, meaning), wide in zip(spec["reads"], width, strict=True):
        shapes += box(part, x, y, wide, 30, "code")
        shapes += label(meaning, x + wide / 2, y + 46, wide, "said")
        x += wide
    return y + 74, shapes


def matrix(spec: Spec) -> tuple[float, list[draw.DrawingElement]]:
    """Draw who does what: `columns: [a, b]`, `rows: {name: "● "}`, one mark a column; a blank is no mark."""
    left = max(text_width(name) for name in spec["rows"]) + 14
    gap = (WIDTH - left) / len(spec["columns"])
    shapes: list[draw.DrawingElement] = []
    for number, column in enumerate(spec["columns"]):
        shapes += label(column, left + gap * (number + 0.5), 22, gap - 6, "name")
    for number, (name, marks) in enumerate(spec["rows"].items()):
        y = 58 + number * 26
        shapes += [
            draw.Line(0, y - 13, WIDTH, y - 13, class_="lane"),
            *label(name, 0, y, left, "code", "start"),
        ]
        for place, mark in enumerate(marks):
            if mark != " ":
                shapes.append(
                    draw.Circle(left + gap * (place + 0.5), y, 5, class_="mark" if mark == "●" else "commit")
                )
    return 58 + len(spec["rows"]) * 26, shapes


DRAWN = (sequence, timeline, nest, flow, commits, matrix, source, overview)
KINDS: dict[str, Callable[[Spec], tuple[float, list[draw.DrawingElement]]]] = {
    function.__name__: function for function in DRAWN
}


def fence(text: str, language: str, css_class: str, options: object, md: object, **_: object) -> str:
    """Turn one fence into a figure; pymdownx.superfences calls this.

    Raises:
        SuperFencesException: the fence is not a figure that can be drawn; anything else would pass for code.
    """
    try:
        return figure(text)
    except Exception as error:
        kinds = ", ".join([*KINDS, *interactive.KINDS])
        raise SuperFencesException(
            f"a figure needs a title, a kind ({kinds}) and what that kind draws; {error!r} in:\n{text}"
        ) from error


@cache  # `mkdocs serve` renders all pages whenever one is saved
def figure(text: str) -> str:
    """Return the figure that a text in YAML describes."""
    spec: Spec = yaml.safe_load(text)
    if spec["kind"] in interactive.KINDS:
        return interactive.figure(spec)
    height, shapes = KINDS[spec["kind"]](spec)
    title = escape(spec["title"])
    drawing = draw.Drawing(WIDTH, round(height))
    drawing.extend(shapes)
    # Drop the XML declaration, which has no place in a page; CSS sets the size.
    role = "group" if spec["kind"] in ("source", "overview") else "img"  # an image holds no links
    svg = drawing.as_svg(header="").replace("<svg", f'<svg role="{role}" aria-label="{title}"', 1)
    return f'<figure class="figure {spec["kind"]}">{svg}<figcaption>{title}</figcaption></figure>'
