"""What is said of the reader's copy is so: which lines are there word for word, and which are not."""

import hashlib
import random
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from source import build
from tests.site.conftest import serving
from tests.site.made_up import MAP, TEXT
from tools.source_map import source_maps

FATES = """async ([pinned, text, places]) => {
  const { Copy } = await import("/copy.js");
  const copy = new Copy(text, pinned);
  const fates = places.map(([first, last, end]) => copy.fate({ first, last }, end));
  return [copy.isExact, [...copy.found], fates.map((fate) => ({ ...fate, lost: [...fate.lost] }))];
}"""
Fates = Callable[..., tuple[bool, list[int], list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    """Open an empty page from which the scripts can be imported."""
    with serving(build.HERE / "browser") as address:
        page = browser.new_page()
        page.goto(f"{address}copy.js")
        yield page
        page.close()


@pytest.fixture
def fates(scripts: Page) -> Fates:
    """Return what asks for the fate of places: first line, last line, last blank line after it."""

    def ask(then: list[str], now: list[str], places: list[tuple[int, int, int]]) -> Any:
        known = [int(hashlib.sha256(line.encode()).hexdigest()[:6], 16) for line in then]
        return scripts.evaluate(FATES, [known, "\n".join(now) + "\n", places])

    return ask


def test_the_sum_of_a_line_is_that_of_the_maps(scripts: Page) -> None:
    """Python and the script agree at every length around a block of 64 bytes, beyond ASCII, and packed."""
    lines = ["x" * length for length in (*range(130), 5000)] + ["é — 世界 🎉", "\tpass  ", "\\"]
    expected = [int(hashlib.sha256(line.encode()).hexdigest()[:6], 16) for line in lines]
    script = "async (lines) => lines.map((await import('/line_sums.js')).lineSum)"
    assert scripts.evaluate(script, lines) == expected
    packed = build.pack(hashlib.sha256(line.encode()).hexdigest() for line in lines)
    assert scripts.evaluate("async (x) => (await import('/line_sums.js')).unpack(x)", packed) == expected


SERVER = TEXT[TEXT.index("class") :]
GREET = TEXT[TEXT.index("def greet") :].removesuffix(SERVER)
HEAD = TEXT.removesuffix(GREET + SERVER)


def replaced(old: str, new: str) -> str:
    """Return the made-up text with something else in one place."""
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


CHANGED = replaced("self.count = 0", "self.count = 1\n        self.more = 2")
LONGER = replaced("self.count\n", "self.count\n        # end\n")
# The copy, a region; its state, its lines now, how many of its own are left, how many are new among them.
STATES = {
    "exact": (TEXT, "Server.stop", "same", 16, 19, 3, 0),
    "same lines": (CHANGED, "greet", "same", 5, 8, 4, 0),
    "moved": (CHANGED, "Server.stop", "moved", 17, 20, 3, 0),
    "changed": (CHANGED, "Server.start", "changed", 12, 15, 2, 2),
    "a blank line more": (replaced("on = True\n", "on = True\n\n"), "Server.start", "changed", 12, 15, 3, 0),
    "a blank line less": (replaced("False\n\n", "False\n"), "Server.stop", "changed", 16, 18, 3, 0),
    "a blank at the end": (replaced("count = 0", "count = 0 "), "Server.start", "changed", 12, 14, 2, 1),
    "tabs": (TEXT.replace("    ", "\t"), "greet", "changed", 5, 8, 1, 3),
    "first line": (replaced("def greet(", "async def greet("), "greet", "changed", 5, 8, 3, 1),
    "grown below": (LONGER, "Server.stop", "changed", 16, 20, 3, 1),
    "grown above": (replaced("def greet(", "@decorator\ndef greet("), "greet", "changed", 5, 9, 4, 1),
    "shrunk": (replaced("        self.on = False\n\n", ""), "Server.stop", "changed", 16, 17, 2, 0),
    "gone": (HEAD + SERVER, "greet", "gone", 4, 5, 0, 0),
    "gone from the top": (GREET + SERVER, "imports", "gone", 0, 1, 0, 0),
    "carried past others": (f"{HEAD}{SERVER}\n\n{GREET}", "greet", "moved", 19, 22, 4, 0),
    "carried and changed": (
        f"{HEAD}{SERVER}\n\n{GREET}".replace('"""Greet."""', "pass"),
        *("greet", "changed", 19, 22, 3, 1),
    ),
}


@pytest.mark.parametrize(
    ("text", "region", "state", "first", "last", "left", "added"), STATES.values(), ids=STATES
)
def test_what_became_of_a_region(
    fates: Fates, text: str, region: str, state: str, first: int, last: int, left: int, added: int
) -> None:
    """Its state, its lines now, how many of its own are left and how many are new among them."""
    known = MAP.regions[region]
    exact, _, [found] = fates(
        TEXT.splitlines(), text.splitlines(), [(known.start, known.code_end, known.end)]
    )
    assert exact is (text == TEXT)
    said = [found[key] for key in ("state", "first", "last", "left")]
    assert [*said, len(found["added"])] == [state, first, last, left, added]


def test_where_lines_are_lost(fates: Fates) -> None:
    """A lost line is counted after the line that now stands before it."""
    then = TEXT.splitlines()
    now = [line for line in then if "self.on" not in line]
    start, stop = (MAP.regions[f"Server.{name}"] for name in ("start", "stop"))
    _, _, found = fates(then, now, [(one.start, one.code_end, one.end) for one in (start, stop)])
    assert [one["lost"] for one in found] == [[[12, 1]], [[15, 1]]]


def functions(*names: str) -> str:
    """Return functions that begin and end alike, with two lines of their own."""
    return "\n\n".join(
        f"@middleware\ndef {name}(request):\n    {name} = 1\n    return request" for name in names
    )


TWINS = ("one", "two", "three")
LEFT = [[name for bit, name in enumerate(TWINS) if mask >> bit & 1] for mask in range(1, 8)]
ORDERS = [*LEFT, *([*left[:at], "new", *left[at:]] for left in LEFT for at in range(len(left) + 1))]


def test_twins_are_not_taken_for_one_another(fates: Fates) -> None:
    """Functions that begin and end alike: each stays or goes whole, whatever comes or goes beside it."""
    then = functions(*TWINS).splitlines()
    places = [(1, 4, 5), (6, 9, 10), (11, 14, 14)]
    for order in ORDERS:
        now = functions(*order).splitlines()
        _, _, found = fates(then, now, places)
        for name, (first, last, _), fate in zip(TWINS, places, found, strict=True):
            assert (fate["state"] == "gone") is (name not in order), (order, name, fate)
            if name in order:
                assert now[fate["first"] - 1 : fate["last"]] == then[first - 1 : last], (order, name)


def test_a_line_that_occurs_often_is_found_by_its_neighbours(fates: Fates) -> None:
    """A link to one such line follows it, and not another one like it."""
    then, now = functions(*TWINS).splitlines(), ["# new", *functions(*TWINS).splitlines()]
    _, _, found = fates(then, now, [(9, 9, 9), (14, 14, 14)])
    assert [(fate["state"], fate["first"], fate["last"]) for fate in found] == [
        ("moved", 10, 10),
        ("moved", 15, 15),
    ]


@pytest.mark.parametrize("name", TWINS)
def test_a_changed_twin_keeps_its_edges(fates: Fates, name: str) -> None:
    """If one twin changes and the others go, it still has its first and last line."""
    then, now = functions(*TWINS).splitlines(), functions(name).replace("= 1", "= 2").splitlines()
    _, _, found = fates(then, now, [(1, 4, 5), (6, 9, 10), (11, 14, 14)])
    for twin, fate in zip(TWINS, found, strict=True):
        expected = ("changed", 1, 4, 3) if twin == name else ("gone",)
        assert (fate["state"], fate["first"], fate["last"], fate["left"])[: len(expected)] == expected


def edited(lines: list[str], dice: random.Random) -> list[str]:
    """Return lines with some blocks taken out, put in, replaced or doubled."""
    now = list(lines)
    for _ in range(dice.randrange(1, 12)):
        at, length = dice.randrange(len(now)), dice.randrange(6)
        new = dice.choice([[], [f"    new_{dice.random()}"], ["    return request"], now[at : at + length]])
        now[at : at + dice.randrange(length + 1)] = new
    return now


@pytest.mark.parametrize("seed", range(40))
def test_against_difflib(fates: Fates, seed: int) -> None:
    """Nothing is called unchanged that is not; no region is lost or changed that difflib finds whole."""
    dice = random.Random(seed)
    names = [f"f{number}" for number in range(25)]
    then = functions(*names).splitlines()
    now = edited(then, dice)
    places = [(5 * at + 1, 5 * at + 4, 5 * at + 5) for at in range(len(names))]
    _, found, said = fates(then, now, places)
    pairs = [(i, j) for i, j in enumerate(found) if j >= 0]
    assert all(then[i] == now[j] for i, j in pairs)
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})
    blocks = SequenceMatcher(None, then, now, autojunk=False).get_matching_blocks()
    whole = {i: block.b + i - block.a for block in blocks for i in range(block.a, block.a + block.size - 3)}
    own = {block.a + i for block in blocks for i in range(block.size)}
    for (first, last, _), fate in zip(places, said, strict=True):
        if fate["state"] in ("same", "moved"):
            assert now[fate["first"] - 1 : fate["last"]] == then[first - 1 : last]
        start = whole.get(first - 1, -1)
        if start >= 0 and {*now[max(start - 1, 0) : start], *now[start + 4 : start + 5]} <= {""}:
            assert fate["state"] in ("same", "moved"), (first, fate, now)
        if own & {first, first + 1}:  # the two lines that no twin has
            assert fate["state"] != "gone", (first, fate, now)


def test_the_sums_of_the_real_maps_can_be_told_apart() -> None:
    """24 bits are enough: no two different lines of a file have the same."""
    for source in source_maps().values():
        assert len({line[:6] for line in source.lines}) == len(set(source.lines))
