"""A map page lists every region, route, middleware and event, and each gap in it is named."""

import json
from typing import Any

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses, replace_text
from tools.checks import maps
from tools.checks.maps import EVENTS
from tools.model import LANGUAGES, Project

MAP = "snippets/server/maps/server.json"


def test_map() -> None:
    """Every region and every line is owned by one page, and the tables on server/map are whole."""
    assert_none(maps.problems(Project()))


def region(name: str, start: int, end: int, **more: object) -> dict[str, Any]:
    """Return a region of the small map; its last line is blank."""
    kind = "route" if name.startswith("GET") else "function"
    lines = {"start": start, "end": end, "code_end": end - 1}
    return {"id": name, "kind": kind, "parent": None, **lines, "uses": [], **more}


SMALL_MAP = {
    "file": "server.py",
    "repo": "a/b",
    "tag": "v1",
    "commit": "c0ffee",
    "lines": "00000000 " * 9,
    "regions": [
        region("imports", 1, 2),
        region("cache_control", 3, 6, uses=["aiohttp.web.middleware"]),
        region("GET /a", 7, 9),
    ],
}
SMALL_EVENTS = {
    "commit": "c0ffee",
    "audiences": {"all": {"zh": "所有客户端", "en": "everybody"}},
    "events": [
        {"name": "status", "kind": "json", "file": "server.py", "lines": "5–6", "to": "all"},
        {"name": "1", "kind": "binary", "file": "nodes.py", "lines": "6", "to": "all"},
    ],
}
INDEX = """---
description: map
map: server.py
regions: [server.py#imports, server.py#GET /a]
---

# map {{ #map-of-server }}

## map {{ #map }}

| where | what | page |
| --- | --- | --- |
| [server.py#imports][] | x | [y](#map) |
| [server.py#cache_control][] | x | [y](../demo/echo.md#say), [z](x.md) |
| [server.py#GET /a][] | x | [y](map.md) |

## routes {{ #routes }}

| path | method | where | page |
| --- | --- | --- | --- |
| `/a` | GET | [server.py#GET /a][] | [y](#map) |

## middlewares {{ #middlewares }}

| name | where | when | page |
| --- | --- | --- | --- |
| `cache_control` | [server.py#cache_control][] | always | [y](../demo/echo.md) |

## events {{ #events }}

| event | where | to |
| --- | --- | --- |
| `status` | `server.py` [server.py#L5-L6][] | {everybody} |
| {binary} 1 | `nodes.py` 6 | {everybody} |
"""
SMALL = {
    MAP: json.dumps(SMALL_MAP),
    EVENTS: json.dumps(SMALL_EVENTS, ensure_ascii=False),
    "docs/zh/server/map.md": INDEX.format(everybody="所有客户端", binary="二进制"),
    "docs/en/server/map.md": INDEX.format(everybody="everybody", binary="binary"),
}


@pytest.fixture
def mapped(minimal_project: Project) -> Project:
    """Give the small project a map of three regions, with all its tables."""
    for name, text in SMALL.items():
        replace_text(minimal_project, name, "", text)
    return minimal_project


def test_accepts_the_small_map(mapped: Project) -> None:
    """The guards below break one thing in a project that passes."""
    assert_none(maps.problems(mapped))


PAGE = "docs/en/server/map.md"
FIRST, SECOND, THIRD = (f"| [server.py#{name}][]" for name in ("imports", "cache_control", "GET /a"))
GUARDS: dict[str, Guard] = {
    "no owner": (PAGE, ", server.py#GET /a", "", "the region server.py#GET /a is owned by no page"),
    "two owners": (PAGE, "regions: [", "regions: [server.py#cache_control, ", "demo/echo and server/map"),
    "line without page": (PAGE, "server.py#imports, ", "", "miss or repeat server.py, line 1"),
    "other owner": (PAGE, ", server.py#GET /a", "", "owned by ['server/map'] in docs/zh, and by []"),
    "unknown map": (
        PAGE,
        "map: server.py\n",
        "map: a.py\n",
        "says `map: a.py`, and snippets/server/maps has none",
    ),
    "hole in the map": (MAP, '"start": 3', '"start": 4', "miss or repeat server.py, line 3"),
    "missing row": (PAGE, f"{FIRST} | x | [y](#map) |\n", "", "missing [['[server.py#imports][]']]"),
    "second row": (PAGE, FIRST, f"{FIRST} | x | y |\n{FIRST}", "4 rows, expected 3"),
    "other order": (PAGE, SECOND, f"{THIRD} | x |\n{SECOND}", "4 rows, expected 3"),
    "other region": (PAGE, SECOND, "| [server.py#cache][]", "missing [['[server.py#cache_control][]']]"),
    "wrong page": (PAGE, "[y](../demo/echo.md#say), ", "", "cache_control leads to server/x, not to demo"),
    "no purpose": (PAGE, "| x | [y](#map)", "|  | [y](#map)", "has an empty cell"),
    "no page": (PAGE, "| x | [y](#map) |", "| x | y |", "imports leads to server/?"),
    "missing route": (PAGE, "| `/a` | GET", "`/a` | GET", "#routes: 0 rows, expected 1"),
    "wrong method": (PAGE, "| GET |", "| POST |", "#routes: 1 rows, expected 1"),
    "missing middleware": (MAP, '"uses": []', '"uses": ["aiohttp.web.middleware"]', "#middlewares"),
    "missing event": (EVENTS, '"name": "1"', '"name": "2"', "missing [['binary 2', '`nodes.py` 6'"),
    "other lines of an event": (EVENTS, '"lines": "5–6"', '"lines": "7"', "[server.py#L7][]"),
    "other audience": (PAGE, "| everybody |", "| nobody |", "#events: 2 rows, expected 2"),
    "other commit": (EVENTS, "c0ffee", "facade", "its commit is not the source map's"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, mapped: Project) -> None:
    """Each way for the map to be incomplete is named."""
    assert_refuses(maps.problems, mapped, guard)


def test_refuses_owners_without_a_map_page(mapped: Project) -> None:
    """If no page is the map of a file, and pages own regions of it, that is named."""
    for language in LANGUAGES:
        replace_text(mapped, f"docs/{language}/server/map.md", "map: server.py\n", "")
    assert "pages own regions of server.py, and no page is its map" in "\n".join(maps.problems(mapped))
