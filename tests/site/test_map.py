"""The map of server.py is whole: each region has its page, each line its row, no inventory a hole."""

import json
import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from tools.model import LANGUAGES, LINK, PERMALINK, Page, Project

from tests.site.small import break_file

MAP, EVENTS = "snippets/server/comfyui-v0.3.10-server.json", "snippets/server/events.json"
LINES = {"zh": ("{} 行", "{} 行"), "en": ("line {}", "lines {}")}
BINARY = {"zh": "二进制 {}", "en": "binary {}"}


def owners(project: Project, language: str) -> dict[str, list[str]]:
    """Return for each region the pages whose front matter names it."""
    found: dict[str, list[str]] = {region["id"]: [] for region in project.source_map["regions"]}
    for path, page in project.pages(language).items():
        for region in page.meta.get("regions", []):
            found.setdefault(region, []).append(path)
    return found


def leaves(project: Project) -> list[dict[str, Any]]:
    """Return the regions without parts, in the order of the file: together they are the file."""
    regions = project.source_map["regions"]
    parents = {region["parent"] for region in regions}
    return [region for region in regions if region["id"] not in parents]


def owner_problems(project: Project) -> Iterator[str]:
    """Say which regions and lines have no page or several, and where the languages differ."""
    for language in LANGUAGES:
        pages = owners(project, language)
        for region, named in pages.items():
            if len(named) != 1:
                yield f"docs/{language}: the region {region} is owned by {' and '.join(named) or 'no page'}"
        owned = [region for region in leaves(project) for _ in pages[region["id"]]]
        times = Counter(line for r in owned for line in range(r["start"], r["end"] + 1))
        lines = range(1, project.source_map["lines"] + 1)
        if wrong := [line for line in lines if times[line] != 1]:
            yield f"docs/{language}: the regions that pages own miss or repeat line {wrong[0]}"
    for region, named in owners(project, "zh").items():
        if named != (other := owners(project, "en").get(region, [])):
            yield f"the region {region} is owned by {named} in docs/zh, and by {other} in docs/en"


def rows(page: Page, section: str) -> list[list[str]]:
    """Return the cells of a section's table, row by row, without its head."""
    text = next((s.text for s in page.sections if s.id == section), "")
    table = [line for line in text.splitlines() if line.startswith("| ")]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in table[2:]]


def place(region: dict[str, Any], language: str) -> str:
    """Return the link to a region as a table has to write it."""
    single = region["start"] == region["code_end"]
    lines = region["start"] if single else f"{region['start']}–{region['code_end']}"
    return f"[{LINES[language][not single].format(lines)}][server.py#{region['id']}]"


def target(page: Page, cell: str) -> str:
    """Return the page to which the first link of a cell leads."""
    link = next(iter(LINK.findall(PERMALINK.sub("", cell))), "?").partition("#")[0]
    folder, _, name = page.path.rpartition("/")
    return posixpath.normpath(posixpath.join(folder, link or name)).removesuffix(".md")


def table_problems(project: Project, page: Page) -> Iterator[str]:
    """Compare the four tables of the map with the source map and with the list of events."""
    regions, owned = project.source_map["regions"], owners(project, page.language)
    routes = [region for region in regions if region["kind"] == "route"]
    wrapped = [region for region in leaves(project) if "aiohttp.web.middleware" in region["externals"]]
    events = json.loads((project.root / EVENTS).read_text("utf-8"))
    inventories: dict[str, list[tuple[list[str], dict[str, Any] | None]]] = {
        "map": [([place(r, page.language)], r) for r in leaves(project)],
        "routes": [
            ([r["route"]["method"], f"`{r['route']['path']}`", place(r, page.language)], r) for r in routes
        ],
        "middlewares": [([f"`{r['id'].split('.')[-1]}`", place(r, page.language)], r) for r in wrapped],
        "events": [(event_cells(events, event, page.language), None) for event in events["events"]],
    }
    for section, expected in inventories.items():
        where, found = f"{page.name}, #{section}", rows(page, section)
        starts = [start for start, _ in expected]
        if starts != (listed := [cells[: len(starts[0])] for cells in found]):
            lost = [start for start in starts if start not in listed]
            yield f"{where}: {len(listed)} rows, expected {len(starts)} in the file's order; missing {lost}"
            continue
        for cells, (_, region) in zip(found, expected, strict=True):
            if not all(cells):
                yield f"{where}: the row {cells} has an empty cell"
            if region and target(page, cells[-1]) not in (named := owned[region["id"]] or ["no page"]):
                yield f"{where}: {region['id']} leads to {target(page, cells[-1])}, not to {named[0]}"
    if events["commit"] != project.source_map["commit"]:
        yield f"{EVENTS}: its commit is not the source map's"


def event_cells(events: dict[str, Any], event: dict[str, str], language: str) -> list[str]:
    """Return the row of one event."""
    name = f"`{event['name']}`" if event["kind"] == "json" else BINARY[language].format(event["name"])
    return [name, f"`{event['file']}` {event['lines']}", events["audiences"][event["to"]][language]]


def problems(project: Project) -> Iterator[str]:
    """Say what the map leaves out or has wrong."""
    yield from owner_problems(project)
    for language in LANGUAGES:
        yield from table_problems(project, project.pages(language)["server/index"])


def test_owners() -> None:
    """Every region of server.py is owned by one page, the same in both languages; so is every line."""
    assert not (found := list(owner_problems(Project()))), "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables(language: str) -> None:
    """The tables on server/index list every region, route, middleware and event."""
    project = Project()
    found = list(table_problems(project, project.pages(language)["server/index"]))
    assert not found, "\n".join(found)


def region(name: str, start: int, end: int, **more: object) -> dict[str, Any]:
    """Return a region of the small map; its last line is blank."""
    kind = "route" if name.startswith("GET") else "function"
    lines = {"start": start, "end": end, "code_end": end - 1}
    return {"id": name, "kind": kind, "parent": None, **lines, "externals": [], **more}


SMALL_MAP = {
    "commit": "c0ffee",
    "lines": 9,
    "regions": [
        region("imports", 1, 2),
        region("cache_control", 3, 6, externals=["aiohttp.web.middleware"]),
        region("GET /a", 7, 9, route={"method": "GET", "path": "/a"}),
    ],
}
SMALL_EVENTS = {
    "commit": "c0ffee",
    "audiences": {"all": {"zh": "所有客户端", "en": "everybody"}},
    "events": [
        {"name": "status", "kind": "json", "file": "main.py", "lines": "5", "to": "all"},
        {"name": "1", "kind": "binary", "file": "main.py", "lines": "6", "to": "all"},
    ],
}
INDEX = """---
description: map
regions: [imports, GET /a]
---

# map {{ #map-of-server }}

## map {{ #map }}

| where | what | page |
| --- | --- | --- |
| [{first}][server.py#imports] | x | [y](#map) |
| [{second}][server.py#cache_control] | x | [y](../demo/echo.md#say), [z](x.md) |
| [{third}][server.py#GET /a] | x | [y](index.md) |

## routes {{ #routes }}

| method | path | where | page |
| --- | --- | --- | --- |
| GET | `/a` | [{third}][server.py#GET /a] | [y](#map) |

## middlewares {{ #middlewares }}

| name | where | when | page |
| --- | --- | --- | --- |
| `cache_control` | [{second}][server.py#cache_control] | always | [y](../demo/echo.md) |

## events {{ #events }}

| event | where | to |
| --- | --- | --- |
| `status` | `main.py` 5 | {everybody} |
| {binary} 1 | `main.py` 6 | {everybody} |
"""
SMALL = {
    MAP: json.dumps(SMALL_MAP),
    EVENTS: json.dumps(SMALL_EVENTS),
    "docs/zh/server/index.md": INDEX.format(
        first="1 行", second="3–5 行", third="7–8 行", everybody="所有客户端", binary="二进制"
    ),
    "docs/en/server/index.md": INDEX.format(
        first="line 1", second="lines 3–5", third="lines 7–8", everybody="everybody", binary="binary"
    ),
}


@pytest.fixture
def mapped(tiny: Project) -> Project:
    """Give the small project a map of three regions, with all its tables."""
    for name, text in SMALL.items():
        break_file(tiny, name, "", text)
    return tiny


def test_accepts_the_small_map(mapped: Project) -> None:
    """The guards below break one thing in a project that passes."""
    assert list(problems(mapped)) == []


PAGE = "docs/en/server/index.md"
GUARDS = {
    "no owner": (PAGE, "[imports, GET /a]", "[imports]", "the region GET /a is owned by no page"),
    "two owners": (PAGE, "[imports,", "[imports, cache_control,", "demo/echo and server/index"),
    "line without page": (PAGE, "[imports, GET /a]", "[GET /a]", "miss or repeat line 1"),
    "other owner": (
        PAGE,
        "[imports, GET /a]",
        "[imports]",
        "owned by ['server/index'] in docs/zh, and by []",
    ),
    "hole in the map": (MAP, '"start": 3', '"start": 4', "miss or repeat line 3"),
    "missing row": (PAGE, "| [line 1][server.py#imports] | x | [y](#map) |\n", "", "missing [['[line 1]"),
    "second row": (PAGE, "| [line 1]", "| [line 1][server.py#imports] | x | y |\n| [line 1]", "4 rows"),
    "other order": (PAGE, "| [lines 3–5]", "| [lines 7–8][server.py#GET /a] | x |\n| [lines 3–5]", "4 rows"),
    "wrong lines": (PAGE, "| [lines 3–5]", "| [lines 3–6]", "missing [['[lines 3–5][server.py#cache_"),
    "wrong page": (PAGE, "[y](../demo/echo.md#say), ", "", "cache_control leads to server/x, not to demo"),
    "no purpose": (PAGE, "| x | [y](#map)", "|  | [y](#map)", "has an empty cell"),
    "no page": (PAGE, "| x | [y](#map) |", "| x | y |", "imports leads to server/?"),
    "missing route": (PAGE, "| GET | `/a`", "GET | `/a`", "#routes: 0 rows, expected 1"),
    "wrong method": (PAGE, "| GET |", "| POST |", "#routes: 1 rows, expected 1"),
    "missing middleware": (MAP, '"externals": []', '"externals": ["aiohttp.web.middleware"]', "#middlewares"),
    "missing event": (EVENTS, '"name": "1"', '"name": "2"', "missing [['binary 2', '`main.py` 6'"),
    "other lines of an event": (EVENTS, '"lines": "5"', '"lines": "7"', "'`main.py` 7'"),
    "other audience": (PAGE, "| everybody |", "| nobody |", "#events: 2 rows, expected 2"),
    "other commit": (EVENTS, "c0ffee", "facade", "its commit is not the source map's"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, mapped: Project) -> None:
    """Each way for the map to be incomplete is named."""
    break_file(mapped, file, old, new)
    assert message in "\n".join(problems(mapped))
