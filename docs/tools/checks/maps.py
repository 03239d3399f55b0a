"""A map page is whole: each region of its file has its page, each line its row, no inventory a hole.

The map page of a file says so in its front matter (`map: server.py`).
"""

import json
import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tools.model import LANGUAGES, LINK, PERMALINK, Page, Project
from tools.source_map import MAPS, Region, SourceMap, source_maps

EVENTS = "snippets/server/events.json"
BINARY = {"zh": "二进制 {}", "en": "binary {}"}
Row = tuple[
    list[str], Region | None
]  # the first cells that a row must have, and the region whose page it links


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say what a map page leaves out or has wrong."""
    maps = source_maps(project.root)
    mapped = set[str]()
    for page in project.all_pages():
        file = page.meta.get("map")
        if file in maps:
            mapped.add(file)
            if only in (None, page.path):
                yield from table_problems(project, page, maps)
        elif file:
            yield f"{page.name}: the front matter says `map: {file}`, and {MAPS} has none"
    for file, source in maps.items() if not only else ():
        if file in mapped:
            yield from owner_problems(project, source)
        elif any(owners(project, source, "zh").values()):
            yield f"pages own regions of {file}, and no page is its map: `map: {file}` in the front matter"


def owners(project: Project, source: SourceMap, language: str) -> dict[str, list[str]]:
    """Return for each region of a file the pages whose front matter names it."""
    found: dict[str, list[str]] = {region: [] for region in source.regions}
    for path, page in project.pages(language).items():
        for name in page.meta.get("regions", []):
            file, _, region = name.partition("#")
            if file == source.file and region in found:  # the check of permalinks names an unknown one
                found[region].append(path)
    return found


def owner_problems(project: Project, source: SourceMap) -> Iterator[str]:
    """Say which regions and lines have no page or several, and where the languages differ."""
    both = {language: owners(project, source, language) for language in LANGUAGES}
    for language, pages in both.items():
        for region, named in pages.items():
            if len(named) != 1:
                who = " and ".join(named) or "no page"
                yield f"docs/{language}: the region {source.file}#{region} is owned by {who}"
        owned = [region for region in source.innermost() for _ in pages[region.id]]
        times = Counter(line for r in owned for line in range(r.start, r.end + 1))
        if wrong := [line for line in range(1, len(source.lines) + 1) if times[line] != 1]:
            yield f"docs/{language}: the regions that pages own miss or repeat {source.file}, line {wrong[0]}"
    for region, named in both["zh"].items():
        if named != (other := both["en"][region]):
            yield f"the region {region} is owned by {named} in docs/zh, and by {other} in docs/en"


def table_problems(project: Project, page: Page, maps: dict[str, SourceMap]) -> Iterator[str]:
    """Compare the tables of a map page with the map and with the list of events."""
    source = maps[page.meta["map"]]
    owned = owners(project, source, page.language)
    tables = inventories(source)
    if source.file == "server.py":
        events = json.loads((project.root / EVENTS).read_text("utf-8"))
        tables["events"] = [
            (event_cells(events, event, page.language, maps), None) for event in events["events"]
        ]
        if events["commit"] != source.commit:
            yield f"{EVENTS}: its commit is not the source map's"
    for section, expected in tables.items():
        where, found = f"{page.name}, #{section}", rows(page, section)
        starts = [start for start, _ in expected]
        width = len(starts[0])
        if starts != (listed := [cells[:width] for cells in found]):
            lost = [start for start in starts if start not in listed]
            yield f"{where}: {len(listed)} rows, expected {len(starts)} in the file's order; missing {lost}"
            continue
        for cells, (_, region) in zip(found, expected, strict=True):
            if not all(cells):
                yield f"{where}: the row {cells} has an empty cell"
            if region and target(page, cells[-1]) not in (named := owned[region.id] or ["no page"]):
                yield f"{where}: {region.id} leads to {target(page, cells[-1])}, not to {named[0]}"


def inventories(source: SourceMap) -> dict[str, list[Row]]:
    """Return the rows that each table of regions must have; a file without routes needs no table of them."""
    leaves = source.innermost()
    routes = [region for region in source.regions.values() if region.kind == "route"]
    wrapped = [region for region in leaves if "aiohttp.web.middleware" in region.uses]

    def link(region: Region) -> str:
        return f"[{source.file}#{region.id}][]"

    tables: dict[str, list[Row]] = {
        "map": [([link(r)], r) for r in leaves],
        "routes": [([f"`{r.id.split(' ')[1]}`", r.id.split(" ")[0], link(r)], r) for r in routes],
        "middlewares": [([f"`{r.id.split('.')[-1]}`", link(r)], r) for r in wrapped],
    }
    return {section: table for section, table in tables.items() if table}


def rows(page: Page, section: str) -> list[list[str]]:
    """Return the cells of a section's table, row by row, without its head; it may be folded."""
    text = next((s.text for s in page.sections if s.id == section), "")
    table = [line.strip() for line in text.splitlines() if line.lstrip().startswith("| ")]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in table[2:]]


def target(page: Page, cell: str) -> str:
    """Return the page to which the first link of a cell leads."""
    link = next(iter(LINK.findall(PERMALINK.sub("", cell))), "?").partition("#")[0]
    folder, _, name = page.path.rpartition("/")
    return posixpath.normpath(posixpath.join(folder, link or name)).removesuffix(".md")


def event_cells(
    events: dict[str, Any], event: dict[str, str], language: str, maps: dict[str, SourceMap]
) -> list[str]:
    """Return the row of one event; its lines are a link if the file has a map."""
    name = f"`{event['name']}`" if event["kind"] == "json" else BINARY[language].format(event["name"])
    file, lines = event["file"], "-".join(f"L{line}" for line in event["lines"].split("–"))
    folder, _, short = file.rpartition("/")  # a whole path would be wider than its column
    place = f"[{file}#{lines}][]" if file in maps else f"`{short}` {event['lines']}"
    if folder:
        place = f"{place}, `{folder}`"
    if file == "server.py":  # such a link does not name it
        place = f"`{file}` {place}"
    return [name, place, events["audiences"][event["to"]][language]]
