"""The picture of server.py is to scale, names each line once, and its labels do not cover one another."""

import re
from itertools import pairwise

import pytest

from tools.figures import figure
from tools.model import LANGUAGES, ROOT, Project
from tools.source_map import source_maps
from tools.source_picture import APART, SCALE, owners, runs, spread, strip

FENCE = re.compile(r"```figure\n(kind: source\n.*?)```", re.DOTALL)


def drawn(language: str) -> str:
    """Return the SVG of the picture on server/map."""
    found = FENCE.search(Project().pages(language)["server/map"].source)
    assert found
    return figure(found[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_block_is_as_tall_as_its_lines(language: str) -> None:
    """The blocks follow one another as the runs of the file do, and each leads to its page."""
    blocks = re.findall(
        r'<a xlink:href="\.\./([\w-]+)/" role="link">.*?<rect x="92" y="([\d.]+)" [^>]*height="([\d.]+)"',
        drawn(language),
        re.S,
    )
    known = runs(source_maps()["server.py"], owners(language))
    assert [f"server/{page}" for page, *_ in blocks] == [run.page for run in known]
    assert all((ROOT / f"docs/{language}/server/{page}.md").exists() for page, *_ in blocks)
    for (_, y, height), run in zip(blocks, known, strict=True):
        assert float(height) == pytest.approx(max(SCALE * (run.end - run.start + 1) - 1, 1))
        assert float(y) - float(blocks[0][1]) == pytest.approx(SCALE * (run.start - 1))


@pytest.mark.parametrize(("language", "bites"), [("zh", "隐患"), ("en", "a hazard")])
def test_a_block_says_what_it_does(language: str, bites: str) -> None:
    """Where one points at it: from the map's table, and whether there is a hazard."""
    titles = dict(
        re.findall(
            r'<a xlink:href="\.\./([\w-]+)/" role="link">.*?<title>(.*?)</title>', drawn(language), re.S
        )
    )
    assert all(titles.values())
    assert ".js" in titles["cache-control"]
    assert bites in titles["uploads"]
    assert bites not in titles["version"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_triangle_leads_to_its_hazard(language: str) -> None:
    """To the first of those whose paragraph names its lines; all are said where one points at it."""
    place, title = r'xlink:href="\.\./hazards/#(\w+)"', r"<title>[^<\d]*([^<]*)</title>"
    found = re.findall(rf"{place}.*?{title}", drawn(language), re.S)
    assert len(found) > 10
    page = Project().pages(language)["server/hazards"].source
    assert all(f"{{ #{place} }}" in page for place, _ in found)
    assert ("h1", "1, 2, 3, 17") in found
    assert all(numbers.split(", ")[0] == place.removeprefix("h") for place, numbers in found if numbers)


def test_each_region_has_one_page() -> None:
    """Nothing of the file is left white."""
    assert {region.id for region in source_maps()["server.py"].innermost()} <= owners("en").keys()


@pytest.mark.parametrize("wanted", [[0.0, 1, 2, 100], [5, 5, 5], [0, 50, 51, 52, 60], [10]])
def test_labels_keep_apart_and_near(wanted: list[float]) -> None:
    """They stay in order, at least a line apart, and none moves that touches no other."""
    placed = spread(wanted)
    assert all(b - a >= APART - 1e-9 for a, b in pairwise(placed))
    assert sum(placed) == pytest.approx(sum(wanted))
    for number, (before, after) in enumerate(zip(wanted, placed, strict=True)):
        others = wanted[:number] + wanted[number + 1 :]
        if all(abs(before - other) > APART * len(wanted) for other in others):
            assert after == before


def test_the_strip_lights_the_pages_own_lines() -> None:
    """A page on the source has one; where it stands is said in words too."""
    html = strip("server/sending", "en")
    assert 'x="39" width="5"' in html
    assert "lines 40–44, 771–789 of the 849 in server.py" in html
    assert strip("asyncio/tasks", "en") == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["index", "server/map"])
def test_each_link_has_a_name(path: str, language: str) -> None:
    """A screen reader says where it leads; nothing but shapes may be in it."""
    source = Project().pages(language)[path].source
    found = re.search(r"```figure\n(kind: (?:overview|source)\n.*?)```", source, re.DOTALL)
    assert found
    links = re.findall(r"<a [^>]*>(.*?)</a>", figure(found[1]), re.DOTALL)
    assert links
    assert all(re.search(r"<title>[^<]+</title>", link) for link in links)
