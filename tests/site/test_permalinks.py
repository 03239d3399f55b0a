"""Links into server.py name a region, say its lines, and lead to the pinned commit."""

import re
from collections.abc import Iterator

import pytest
from tools.model import Project

from tests.site.small import break_file

TOP_LEVEL = None  # the parent of the regions that together make the whole file


def problems(project: Project) -> Iterator[str]:
    """Say which links do not match the source map, and where the map itself has a hole."""
    lines = {r["id"]: f"{r['start']}–{r['code_end']}" for r in project.source_map["regions"]}
    single = {r["id"] for r in project.source_map["regions"] if r["start"] == r["code_end"]}
    for page in project.all_pages():
        if re.search(r"github\.com/[^/]+/ComfyUI/blob/|server\.py#L", page.source):
            yield f"{page.name}: types the address of a source line; write [lines 1–2][server.py#region]"
        for region in page.meta.get("regions", []):
            if region not in lines:
                yield f"{page.name}: the front matter names a region “{region}” that the map does not have"
        for section in page.sections:
            for text, region in section.permalinks:
                where = f"{page.name}, #{section.id}: “{text}”"
                if region not in lines:
                    yield f"{where} leads to a region “{region}” that the map does not have"
                    continue
                expected = lines[region].split("–")[0] if region in single else lines[region]
                form = f"line {expected}" if region in single else f"lines {expected}"
                if text != (f"{expected} 行" if page.language == "zh" else form):
                    yield f"{where} must say the lines of {region}, which are {expected}"
    yield from map_problems(project)


def map_problems(project: Project) -> Iterator[str]:
    """The regions at the top, and the parts of each region, follow one another without gap or overlap."""
    regions = project.source_map["regions"]
    whole = {"id": TOP_LEVEL, "start": 1, "end": project.source_map["lines"]}
    for parent in [whole, *regions]:
        parts = [r for r in regions if r["parent"] == parent["id"]]
        line = parent["start"]
        for part in parts:
            if part["start"] != line or part["code_end"] > part["end"]:
                yield f"source map: {part['id']} starts at line {part['start']}, expected {line}"
            line = part["end"] + 1
        if parts and line != parent["end"] + 1:
            yield f"source map: the parts of {parent['id'] or 'the file'} end at line {line - 1}"


def test_permalinks() -> None:
    """Every link into server.py says the lines it leads to."""
    assert not (found := list(problems(Project()))), "\n".join(found)


PAGE, MAP = "docs/en/demo/echo.md", "snippets/server/comfyui-v0.3.10-server.json"
GUARDS = {
    "other lines": (PAGE, "lines 61–66", "lines 61–67", "must say the lines of cache_control"),
    "other region": (PAGE, "#cache_control]", "#imports]", "must say the lines of imports, which are 1–34"),
    "no region": (PAGE, "#cache_control]", "#cache]", "leads to a region “cache” that the map does not"),
    "typed address": (PAGE, "Say it", "[x](https://github.com/a/ComfyUI/blob/b/server.py)", "types the"),
    "unknown owner": (PAGE, "regions: [cache_control]", "regions: [cache]", "front matter names a region"),
    "gap in the map": (MAP, '"start": 61', '"start": 62', "cache_control starts at line 62, expected 61"),
    "short map": (MAP, '"lines": 849', '"lines": 850', "the parts of the file end at line 849"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), GUARDS.values(), ids=GUARDS)
def test_refuses(file: str, old: str, new: str, message: str, tiny: Project) -> None:
    """Each way for a link to miss its lines is named."""
    assert list(problems(tiny)) == []
    break_file(tiny, file, old, new)
    assert message in "\n".join(problems(tiny))
