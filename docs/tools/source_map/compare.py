"""Tell what has become of the regions of a map in another version of the file."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from tools.source_map import Region, SourceMap

STATES = ("same", "moved", "changed", "gone", "new")


@dataclass(frozen=True)
class Finding:
    """What has become of a region, and its lines then and now, as far as there are any."""

    state: str
    file: str
    id: str
    then: str = ""
    now: str = ""

    def __str__(self) -> str:
        return f"{self.state:8} {self.then:>9} {self.now:>9}  {self.file}#{self.id}"


def compare(then: SourceMap, now: SourceMap) -> Iterator[Finding]:
    """Say what has become of each region of a map, in its order, and which regions are new.

    A region is found by its text or else its name; a lost paragraph of a known whole counts as changed.
    """
    left, found = list(now.regions.values()), dict[str, tuple[str, Region]]()
    for region in then.regions.values():
        if twins := [other for other in left if _text(now, other) == _text(then, region)]:
            twin = min(twins, key=lambda other: other.id != region.id)
            found[region.id] = ("same" if twin.start == region.start else "moved", twin)
            left.remove(twin)
    for region in then.regions.values():
        state, match = found.get(region.id) or _by_name(region, left, now)
        left = [other for other in left if other is not match]
        yield Finding(state, then.file, region.id, region.lines, match.lines if match else "")
    yield from (Finding("new", then.file, other.id, now=other.lines) for other in left)


def _text(source: SourceMap, region: Region) -> list[str]:
    """Return what stands for the text of a region: the sums of its lines."""
    return list(source.lines[region.start - 1 : region.code_end])


def _by_name(region: Region, left: list[Region], now: SourceMap) -> tuple[str, Region | None]:
    """Return what became of a region whose text is nowhere; the number of a paragraph is no name."""
    owner, numbered, _ = region.id.partition("#")
    if not re.search(r"#\d", region.id):
        for other in left:
            if other.id == region.id:
                return "changed", other
    known = numbered and any(other.startswith(f"{owner}#") for other in now.regions)
    return "changed" if known else "gone", None


def compare_lines(then: SourceMap, now: SourceMap, names: Iterable[str]) -> Iterator[Finding]:
    """Say what has become of single lines, named `L468` or `L489-L491`."""
    blocks = SequenceMatcher(None, then.lines, now.lines, autojunk=False).get_matching_blocks()
    moved_by = {line: block.b - block.a for block in blocks for line in range(block.a, block.a + block.size)}
    for name in names:
        region = then.region(name)
        steps = {moved_by.get(line - 1) for line in range(region.start, region.code_end + 1)}
        step = steps.pop()
        if steps or step is None:
            yield Finding("changed", then.file, name, region.lines)
            continue
        found = replace(region, start=region.start + step, code_end=region.code_end + step)
        yield Finding("moved" if step else "same", then.file, name, region.lines, found.lines)


def summary(findings: list[Finding]) -> str:
    """Say how much of a file still holds."""
    counts = Counter(finding.state for finding in findings)
    known, hold = counts.total() - counts["new"], counts["same"] + counts["moved"]
    each = ", ".join(f"{counts[state]} {state}" for state in STATES)
    return f"{findings[0].file}: {hold} of {known} regions still hold ({100 * hold / known:.0f} %): {each}"
