"""The map of server.py lists every region, route, middleware and event, and each gap in it is named."""

import json
from typing import Any

import pytest
from tools.checks import server_map
from tools.checks.server_map import EVENTS
from tools.model import Project

from tests.checking import Guard, assert_none, assert_refuses, replace_text

MAP = "snippets/server/comfyui-v0.3.10-server.json"


def test_map() -> None:
    """Every region and every line is owned by one page, and the tables on server/index are whole."""
    assert_none(server_map.problems(Project()))


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
def mapped(minimal_project: Project) -> Project:
    """Give the small project a map of three regions, with all its tables."""
    for name, text in SMALL.items():
        replace_text(minimal_project, name, "", text)
    return minimal_project


def test_accepts_the_small_map(mapped: Project) -> None:
    """The guards below break one thing in a project that passes."""
    assert_none(server_map.problems(mapped))


PAGE = "docs/en/server/index.md"
GUARDS: dict[str, Guard] = {
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


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, mapped: Project) -> None:
    """Each way for the map to be incomplete is named."""
    assert_refuses(server_map.problems, mapped, guard)


def test_accepts_links_whose_lines_the_build_writes(mapped: Project) -> None:
    """A link without a text is as good as one with the right lines, and another region as bad."""
    replace_text(mapped, PAGE, "| [line 1][server.py#imports]", "| [server.py#imports][]")
    assert_none(server_map.problems(mapped))
    replace_text(mapped, PAGE, "| [server.py#imports][]", "| [server.py#cache_control][]")
    assert "#map: 3 rows, expected 3" in "\n".join(server_map.problems(mapped))
