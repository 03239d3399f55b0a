"""The map of server.py is whole: each region has its page, each line its row, no inventory a hole."""

import json
import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tools.model import LANGUAGES, LINK, PERMALINK, Page, Project

MAP_PAGE, EVENTS = "server/index", "snippets/server/events.json"
LINES = {"zh": ("{} 行", "{} 行"), "en": ("line {}", "lines {}")}
BINARY = {"zh": "二进制 {}", "en": "binary {}"}


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say what the map leaves out or has wrong."""
    if only in (None, MAP_PAGE):
        yield from owner_problems(project)
        for page in project.all_pages(MAP_PAGE):
            yield from table_problems(project, page)


def owners(project: Project, language: str) -> dict[str, list[str]]:
    """Return for each region the pages whose front matter names it."""
    found: dict[str, list[str]] = {region["id"]: [] for region in project.source_map["regions"]}
    for path, page in project.pages(language).items():
        for region in page.meta.get("regions", []):
            found.setdefault(region.removeprefix("server.py#"), []).append(path)
    return found


def leaves(project: Project) -> list[dict[str, Any]]:
    """Return the regions without parts, in the order of the file: together they are the file."""
    regions = project.source_map["regions"]
    parents = {region["parent"] for region in regions}
    return [region for region in regions if region["id"] not in parents]


def owner_problems(project: Project) -> Iterator[str]:
    """Say which regions and lines have no page or several, and where the languages differ."""
    whole, parts = project.source_map, leaves(project)
    both = {language: owners(project, language) for language in LANGUAGES}
    for language, pages in both.items():
        for region, named in pages.items():
            if len(named) != 1:
                yield f"docs/{language}: the region {region} is owned by {' and '.join(named) or 'no page'}"
        owned = [region for region in parts for _ in pages[region["id"]]]
        times = Counter(line for r in owned for line in range(r["start"], r["end"] + 1))
        if wrong := [line for line in range(1, whole["lines"] + 1) if times[line] != 1]:
            yield f"docs/{language}: the regions that pages own miss or repeat line {wrong[0]}"
    for region, named in both["zh"].items():
        if named != (other := both["en"].get(region, [])):
            yield f"the region {region} is owned by {named} in docs/zh, and by {other} in docs/en"


def table_problems(project: Project, page: Page) -> Iterator[str]:
    """Compare the four tables of the map with the source map and with the list of events."""
    owned, events = owners(project, page.language), json.loads((project.root / EVENTS).read_text("utf-8"))
    for section, expected in inventories(project, events, page.language).items():
        where, found = f"{page.name}, #{section}", rows(page, section)
        starts = [start for start, _ in expected]
        width = len(starts[0])
        if starts != (listed := [with_lines(project, cells[:width], page.language) for cells in found]):
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


def inventories(
    project: Project, events: dict[str, Any], language: str
) -> dict[str, list[tuple[list[str], dict[str, Any] | None]]]:
    """Return the rows that each table must have: their first cells, and the region whose page they link."""
    routes = [region for region in project.source_map["regions"] if region["kind"] == "route"]
    wrapped = [region for region in leaves(project) if "aiohttp.web.middleware" in region["externals"]]
    return {
        "map": [([place(r, language)], r) for r in leaves(project)],
        "routes": [
            ([r["route"]["method"], f"`{r['route']['path']}`", place(r, language)], r) for r in routes
        ],
        "middlewares": [([f"`{r['id'].split('.')[-1]}`", place(r, language)], r) for r in wrapped],
        "events": [(event_cells(events, event, language), None) for event in events["events"]],
    }


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


def with_lines(project: Project, cells: list[str], language: str) -> list[str]:
    """Return the cells with the lines in links that leave them to the build."""
    links = {f"[server.py#{r['id']}][]": place(r, language) for r in project.source_map["regions"]}
    return [links.get(cell, cell) for cell in cells]


def target(page: Page, cell: str) -> str:
    """Return the page to which the first link of a cell leads."""
    link = next(iter(LINK.findall(PERMALINK.sub("", cell))), "?").partition("#")[0]
    folder, _, name = page.path.rpartition("/")
    return posixpath.normpath(posixpath.join(folder, link or name)).removesuffix(".md")


def event_cells(events: dict[str, Any], event: dict[str, str], language: str) -> list[str]:
    """Return the row of one event."""
    name = f"`{event['name']}`" if event["kind"] == "json" else BINARY[language].format(event["name"])
    return [name, f"`{event['file']}` {event['lines']}", events["audiences"][event["to"]][language]]
