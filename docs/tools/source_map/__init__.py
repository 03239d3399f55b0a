"""Maps of ComfyUI's files: where each region stands. `python -m tools.source_map` compares and writes them.

`source_maps()["server.py"].address("cache_control")` is where GitHub shows it. A map, one of
`snippets/server/maps/*.json`, holds no line of ComfyUI's, only of each the first digits of its SHA-256.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.model import ROOT

MAPS = "snippets/server/maps"
LINES = re.compile(r"L(\d+)(?:-L(\d+))?")  # as GitHub writes single lines


@dataclass(frozen=True)
class Region:
    """A definition, a paragraph of other statements, or the imports at the top.

    `end` counts the blank lines after it, `code_end` does not. A region without parts lists what it calls,
    as the code says it, and what it uses of other modules, by full name.
    """

    id: str
    kind: str
    parent: str | None
    start: int
    code_end: int
    end: int
    params: Sequence[str] = ()
    calls: Sequence[str] = ()
    uses: Sequence[str] = ()

    @property
    def lines(self) -> str:
        """Where it stands, as pages say it."""
        return str(self.start) if self.start == self.code_end else f"{self.start}–{self.code_end}"


@dataclass(frozen=True)
class SourceMap:
    """One file at one commit: its regions in order, a whole before its parts, and its lines.

    Of each line it has the first 8 digits of the SHA-256: enough to tell whether a text is the same.
    """

    file: str
    repo: str
    tag: str
    commit: str
    lines: Sequence[str]
    regions: dict[str, Region]

    def region(self, name: str) -> Region:
        """Return the region with this id, or for `L468` and `L489-L491` these lines.

        Raises:
            LookupError: The file has no such region or lines.
        """
        if name in self.regions:
            return self.regions[name]
        if found := LINES.fullmatch(name):
            first, last = int(found[1]), int(found[2] or found[1])
            if 1 <= first <= last <= len(self.lines):
                around = [r.id for r in self.regions.values() if r.start <= first and last <= r.end]
                return Region(name, "lines", around[-1] if around else None, first, last, last)
        raise LookupError(f"{self.file} {self.tag} has no region “{name}”")

    def address(self, name: str) -> str:
        """Return where GitHub shows a region."""
        region = self.region(name)
        anchor = f"L{region.start}-L{region.code_end}"
        return f"https://github.com/{self.repo}/blob/{self.commit}/{self.file}#{anchor}"

    def label(self, name: str, language: str) -> str:
        """Return the text of a link to a region; it names the file unless that is server.py."""
        region = self.region(name)
        file = "" if self.file == "server.py" else self.file
        if language == "zh":
            return f"{file} {region.lines} 行".lstrip()
        word = "line" if region.start == region.code_end else "lines"
        return f"{file}, {word} {region.lines}".removeprefix(", ")

    def innermost(self) -> list[Region]:
        """Return the regions without parts; together they are the file."""
        parents = {region.parent for region in self.regions.values()}
        return [region for region in self.regions.values() if region.id not in parents]

    def innermost_in(self, name: str) -> set[str]:
        """Return the ids of the regions without parts that a region, or lines, touch."""
        region = self.region(name)
        return {x.id for x in self.innermost() if x.start <= region.code_end and region.start <= x.code_end}

    def to_json(self) -> str:
        """Return it as its file holds it: one region a line."""
        fields = {**asdict(self), "lines": " ".join(self.lines), "regions": []}
        regions = ",\n  ".join(json.dumps(asdict(region)) for region in self.regions.values())
        return json.dumps(fields, indent=1).replace("[]", f"[\n  {regions}\n ]") + "\n"


def source_maps(root: Path = ROOT) -> dict[str, SourceMap]:
    """Return the maps of a checkout by the name of the file."""
    maps = {}
    for path in sorted((root / MAPS).rglob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        regions = {region["id"]: Region(**region) for region in data["regions"]}
        maps[data["file"]] = SourceMap(**{**data, "lines": data["lines"].split(), "regions": regions})
    return maps
