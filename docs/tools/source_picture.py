"""Draw ComfyUI's file to scale: the picture on server/map, and the strip above the title of a page.

Both are SVG that needs no script; what they show follows from the maps, the pages' `regions` and their links.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from math import fsum
from typing import Any, NamedTuple

import drawsvg as draw

from source.build import purposes
from tools.model import Project
from tools.shapes import SIZE
from tools.source_map import SourceMap, source_maps

WIDTH, TOP, SCALE = 440, 80, 1.15  # CSS pixels; how many of them a line takes
BAR, BAR_WIDTH, LABEL = 92, 56, 190  # where the file and its labels stand
COLUMNS = BAR + BAR_WIDTH + 2  # where the marks beside the file begin
TITLES = 4  # what a run does, at most, where one points at it
APART = 18  # from one label to the next
SUBJECTS = 6  # as many as site.css has colours
MARKS = ("bites", "changed", "read-by-you")
FILE = "server.py"
HAZARD = re.compile(r"\{ #h(\d+) \}")
NAMED = re.compile(rf"\[{re.escape(FILE)}#([^\]]+)\]\[\]")
CHANGES = "server/then_and_now/changes.json"


class Link(draw.DrawingParentElement):  # type: ignore[misc]  # drawsvg ships no types
    """A link around shapes; `xlink:href`, since Material sets each `href` anew, and SVG's is read-only.

    The role says what it is to who looks for `href` alone.
    """

    TAG_NAME = "a"

    def __init__(self, address: str, **attributes: object) -> None:
        super().__init__(**{"xlink:href": address, "role": "link", **attributes})


class Run(NamedTuple):
    """Regions that follow one another and belong to one page."""

    page: str
    start: int
    end: int

    @property
    def lines(self) -> str:
        """Where it stands, as pages say it."""
        return str(self.start) if self.start == self.end else f"{self.start}–{self.end}"


@cache
def owners(language: str) -> dict[str, str]:
    """Return by region without parts the page that owns it."""
    return {
        region: page.path
        for page in Project().pages(language).values()
        for named in page.meta.get("regions", [])
        if (region := named.partition("#")[2]) and named.startswith(f"{FILE}#")
    }


def runs(source: SourceMap, owner: dict[str, str]) -> list[Run]:
    """Return the file as runs of regions with one page each, in order."""
    leaves = sorted(source.innermost(), key=lambda region: region.start)
    return [
        Run(page, parts[0].start, parts[-1].code_end)
        for page, group in groupby(leaves, key=lambda region: owner.get(region.id, ""))
        for parts in [list(group)]
    ]


def bitten() -> dict[str, list[str]]:
    """Return the regions that the page of hazards links to, each with the numbers of its hazards."""
    source, found = source_maps()[FILE], dict[str, list[str]]()
    for line in Project().pages("en")["server/hazards"].source.splitlines():
        number = HAZARD.findall(line)[:1]
        for name in NAMED.findall(line):
            for leaf in source.innermost_in(name):
                found.setdefault(leaf, []).extend(number)
    return found


def changed() -> set[str]:
    """Return the regions that are not as they were, by the page then-and-now."""
    known: dict[str, Any] = json.loads(Project().snippet(CHANGES).read_text("utf-8"))
    return {one["region"] for one in known["changed"]}


def source(spec: dict[str, Any]) -> tuple[float, list[draw.DrawingElement]]:
    """Draw `subjects: {Messages: {server/sending: Sending, …}, …}`; the rest of the fence names things."""
    known = source_maps()[FILE]
    blocks = runs(known, owners("en"))
    heights = spread([middle(run) for run in blocks])
    labels = [shape for run, y in zip(blocks, heights, strict=True) for shape in linked(run, y, spec)]
    shapes = [*legend(spec), *labels, *columns(known, spec["bites"]), *brackets(known, spec)]
    return TOP + SCALE * len(known.lines) + 8, shapes


def overview(spec: dict[str, Any]) -> tuple[float, list[draw.DrawingElement]]:
    """Draw the file from left to right, as one link: `subjects: {Messages: [server/sending, …], …}`."""
    known = source_maps()[FILE]
    wide, link = WIDTH / len(known.lines), Link(spec["leads"])
    for run in runs(known, owners("en")):
        number = next(n for n, pages in enumerate(spec["subjects"].values()) if run.page in pages)
        width = wide * (run.end - run.start + 1)
        link.append(draw.Rectangle(wide * (run.start - 1), 2, width, 26, class_=f"subject-{number}"))
    link.append_title(spec["title"])
    return 80, [link, *colours(list(spec["subjects"]), 38)]


def at(line: float) -> float:
    """Return where a line begins, from above."""
    return TOP + SCALE * (line - 1)


def middle(run: Run) -> float:
    """Return where the middle of a run is."""
    return at((run.start + run.end + 1) / 2)


def block(start: int, end: int, x: float, width: float, kind: str) -> draw.DrawingElement:
    """Draw lines as a rectangle."""
    return draw.Rectangle(x, at(start), width, max(SCALE * (end - start + 1) - 1, 1), class_=kind)


def linked(run: Run, y: float, spec: dict[str, Any]) -> Iterator[draw.DrawingElement]:
    """Draw a run with its label, as one link to its page."""
    number, name = next(
        (number, pages[run.page])
        for number, pages in enumerate(spec["subjects"].values())
        if run.page in pages
    )
    link = Link(f"../{run.page.removeprefix('server/')}/")  # from server/map, which is beside it
    link.append(block(run.start, run.end, BAR, BAR_WIDTH, f"subject-{number}"))
    link.append(block(run.start, run.end, COLUMNS + 12, 4, "read"))  # seen once the link is a visited one
    points = (COLUMNS + 18, middle(run), LABEL - 16, y, LABEL - 4, y)
    link.append(draw.Lines(*points, class_="leader", fill="none"))
    centre = {"dominant_baseline": "central"}
    row = round(y - APART / 2, 1)
    link.append(draw.Rectangle(LABEL - 4, row, WIDTH - LABEL + 4, APART, class_="row"))
    link.append(draw.Text(name, SIZE, LABEL, y, class_="link", **centre))
    link.append(draw.Text(run.lines, SIZE, WIDTH, y, text_anchor="end", class_="said", **centre))
    link.append_title(" · ".join([*does(run, spec["language"]), *([spec["bites"]] if bites(run) else [])]))
    yield link


def does(run: Run, language: str) -> list[str]:
    """Say what the lines of a run do, as the map's table has it, for who points at them."""
    says = purposes(language)
    inside = [
        r for r in source_maps()[FILE].regions.values() if run.start <= r.start and r.code_end <= run.end
    ]
    said = dict.fromkeys(says[name] for r in inside if (name := f"{FILE}#{r.id}") in says)
    return [*said][:TITLES] + ["…"] * (len(said) > TITLES)


def bites(run: Run) -> bool:
    """Whether a hazard is in these lines."""
    regions = source_maps()[FILE].regions
    return any(run.start <= regions[one].start <= run.end for one in bitten())


def legend(spec: dict[str, Any]) -> Iterator[draw.DrawingElement]:
    """Name the colours, and the three narrow columns beside the file."""
    yield from colours([*spec["subjects"], spec["bites"], spec["changed"], spec["read"]], 8)


def colours(names: list[str], top: float) -> Iterator[draw.DrawingElement]:
    """Name the colours of subjects, and of the marks if three more are given."""
    for number, name in enumerate(names):
        kind = f"subject-{number}" if number < SUBJECTS else MARKS[number - SUBJECTS]
        x, y = (0, 102, 268)[number % 3], top + number // 3 * 22
        yield hazard(x + 2, y + 6) if kind == "bites" else draw.Rectangle(x, y, 12, 12, class_=kind)
        yield draw.Text(name, SIZE, x + 17, y + 6, dominant_baseline="central", class_="said")


def columns(known: SourceMap, says: str) -> Iterator[draw.DrawingElement]:
    """Mark beside the file what bites and what has changed since; what was read, each link marks itself."""
    bitten_here, changed_since = bitten(), changed()
    for region in known.innermost():
        if region.id in changed_since:
            yield block(region.start, region.code_end, COLUMNS + 6, 4, "changed")
        if region.id in bitten_here:
            y = round(at((region.start + region.code_end + 1) / 2), 1)
            numbers = sorted(set(map(int, bitten_here[region.id])))
            place = f"h{numbers[0]}" if numbers else "each"
            link = Link(f"../hazards/#{place}", tabindex=-1)  # the keyboard has enough stops here
            link.append(hazard(COLUMNS - 3, y))
            link.append_title(f"{says}: {', '.join(map(str, numbers))}" if numbers else says)
            yield link


def hazard(x: float, y: float) -> draw.DrawingElement:
    """Draw a triangle that points at a block; a colour alone would be one red among others."""
    return draw.Lines(x, y, x + 8, y - 5, x + 8, y + 5, close=True, class_="bites")


def brackets(known: SourceMap, spec: dict[str, Any]) -> Iterator[draw.DrawingElement]:
    """Span the class and its constructor at the left, each with its name written upwards."""
    names = {"PromptServer": spec["class"], "PromptServer.__init__": spec["constructor"]}
    for x, (region, name) in zip((26.0, 62.0), names.items(), strict=True):
        first, last = at(known.regions[region].start), at(known.regions[region].code_end + 1)
        yield draw.Lines(x + 12, first, x + 6, first, x + 6, last, x + 12, last, class_="line", fill="none")
        y = (first + last) / 2
        turned = {"text_anchor": "middle", "transform": f"rotate(-90 {x - 5} {y})"}
        yield draw.Text(name, SIZE, x - 5, y, class_="name", dominant_baseline="central", **turned)


def spread(wanted: list[float]) -> list[float]:
    """Push heights apart so that no label covers another, each as near as can be to where it belongs."""
    placed: list[list[float]] = []  # groups of labels that touch: their wanted heights
    for height in wanted:
        placed.append([height])
        while len(placed) > 1 and bottom(placed[-2]) + APART > top_of(placed[-1]):
            placed[-2:] = [placed[-2] + placed[-1]]
    return [top_of(group) + APART * number for group in placed for number in range(len(group))]


def top_of(group: list[float]) -> float:
    """Return where the first label of a group stands."""
    return fsum(group) / len(group) - APART * (len(group) - 1) / 2


def bottom(group: list[float]) -> float:
    """Return where the last label of a group stands."""
    return top_of(group) + APART * (len(group) - 1)


def strip(path: str, language: str) -> str:
    """Return the strip of a page that owns regions: the file from left to right, its own parts lit.

    The map has the whole picture.
    """
    known, owner = source_maps()[FILE], owners(language)
    mine = [run for run in runs(known, owner) if run.page == path]
    if not mine or path == "server/map":
        return ""
    lines = len(known.lines)
    rect = '<rect x="{}" width="{}" height="10"/>'
    parts = "".join(rect.format(run.start - 1, run.end - run.start + 1) for run in mine)
    said = [run.lines for run in mine]
    text = {
        "zh": f"本页讲 {FILE} 的第 {'、'.join(said)} 行，全文 {lines} 行",
        "en": f"This page is about lines {', '.join(said)} of the {lines} in {FILE}",
    }[language]
    return (
        f'<a class="strip" href="../map/#map" title="{escape(text)}">'
        f"<span>{FILE}</span>"
        f'<svg viewBox="0 0 {lines} 10" preserveAspectRatio="none" role="img" aria-label="{escape(text)}">'
        f'<rect class="file" width="{lines}" height="10"/>{parts}</svg></a>'
    )
