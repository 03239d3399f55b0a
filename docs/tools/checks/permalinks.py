"""What cites ComfyUI's files names a region or lines that their maps have; the build writes the numbers."""

import re
from collections.abc import Iterator

from tools.model import PERMALINK, Page, Project
from tools.source_map import Region, SourceMap, source_maps

ADDRESS = re.compile(r"github\.com/[^/]+/ComfyUI/blob/")
OLD_LINK = re.compile(r"\]\[[\w./-]+\.py#")
# `main.py`, line 266 · `main.py` (lines 2–3) · `main.py` 266 行 · (line 266) · （266 行）
TYPED = re.compile(r"`([\w./-]+\.py)`[,，]?[ （(]*(?:lines? )?\d+|\(lines? \d[^)]*\)|（\d[\d–]* 行）")
CITED = re.compile(r"([\w./-]+\.py),? (?:lines? )?(\d[\d–-]*(?:(?:, | and )\d[\d–-]*)*)")
OTHER_COMMIT = re.compile(r"ComfyUI [0-9a-f]{7,}")


def problems(project: Project, only: str | None = None) -> Iterator[str]:
    """Say which links and citations do not match the maps, and where a map itself has a hole."""
    maps = source_maps(project.root)
    for page in project.all_pages(only):
        yield from page_problems(page, maps)
    for path in project.files("*.py", only):
        yield from snippet_problems(project, path, maps)
    if not only:
        for source in maps.values():
            yield from map_problems(source)


def page_problems(page: Page, maps: dict[str, SourceMap]) -> Iterator[str]:
    """Say which links of a page lead nowhere, and where it types lines instead of a link."""
    if ADDRESS.search(page.source) or OLD_LINK.search(page.source):
        yield f"{page.name}: types a source line's address or text; write [server.py#region][]"
    for name in page.meta.get("regions", []):
        if problem := unknown(name, maps):
            yield f"{page.name}: the front matter's regions: {problem}"
    for section in page.sections:
        where = f"{page.name}, #{section.id}"
        for name in section.permalinks:
            if problem := unknown(name, maps):
                yield f"{where}: {problem}"
        for typed in TYPED.finditer(PERMALINK.sub("", section.prose)):
            if typed[1] and typed[1] not in maps:
                continue
            yield f"{where}: types “{typed[0]}”; write [main.py#region][] or [main.py#L12-L15][]"


def unknown(name: str, maps: dict[str, SourceMap]) -> str | None:
    """Say why a name such as `server.py#cache_control` leads nowhere."""
    file, mark, region = name.partition("#")
    if not mark or file not in maps:
        return f"“{name}” must begin with {' or '.join(f'{file}#' for file in maps)}"
    try:
        maps[file].region(region)
    except LookupError as error:
        return str(error)
    return None


def snippet_problems(project: Project, path: str, maps: dict[str, SourceMap]) -> Iterator[str]:
    """Say which lines a snippet cites that are neither in one region nor whole regions."""
    for number, line in enumerate(project.snippet(path).read_text("utf-8").splitlines(), 1):
        if OTHER_COMMIT.search(line):
            continue
        for cited in CITED.finditer(line):
            if not (source := maps.get(cited[1])):
                continue
            for first, last in re.findall(r"(\d+)(?:[–-](\d+))?", cited[2]):
                if not fits(source, int(first), int(last or first)):
                    lines = f"{first}–{last}" if last else first
                    yield f"snippets/{path}:{number}: in {cited[1]} {source.tag} no region ends at {lines}"


def fits(source: SourceMap, first: int, last: int) -> bool:
    """Return whether lines lie within an innermost region, or are regions from the first to the last line."""
    within = any(r.start <= first <= last <= r.code_end for r in source.innermost())
    starts, ends = ({getattr(r, edge) for r in source.regions.values()} for edge in ("start", "code_end"))
    return within or (first < last and first in starts and last in ends)


def map_problems(source: SourceMap) -> Iterator[str]:
    """The regions at the top, and the parts of each region, follow one another without gap or overlap."""
    whole = Region("the file", "file", None, 1, len(source.lines), len(source.lines))
    for parent in [whole, *source.regions.values()]:
        parts = [r for r in source.regions.values() if r.parent == (None if parent is whole else parent.id)]
        line = parent.start
        for part in parts:
            if part.start != line or part.code_end > part.end:
                yield f"map of {source.file}: {part.id} starts at line {part.start}, expected {line}"
            line = part.end + 1
        if parts and line != parent.end + 1:
            yield f"map of {source.file}: the parts of {parent.id} end at line {line - 1}"
