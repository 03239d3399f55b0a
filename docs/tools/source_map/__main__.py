"""Compare any copy of ComfyUI's files with the maps, or write the maps.

A copy of one file, or a folder with several:   python -m tools.source_map PATH
The files at a tag:                             python -m tools.source_map CLONE --tag v0.3.11
Write the maps, or one for another file:        python -m tools.source_map CLONE [FILE] --tag v0.3.10 --write
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pygit2

from tools.model import ROOT, Page, Project
from tools.source_map import LINES, MAPS, SourceMap, source_maps
from tools.source_map.compare import compare, compare_lines, summary
from tools.source_map.cut import cut

REPO = "comfyanonymous/ComfyUI"


def read(path: Path, files: list[str], tag: str | None) -> list[SourceMap]:
    """Map the files of a clone at a tag, those of a folder, or the one file that the path names."""
    if tag:
        try:
            commit = pygit2.Repository(str(path)).revparse_single(tag).peel(pygit2.Commit)
        except KeyError:
            raise ValueError(f"{tag} is no tag or commit of this clone") from None
        if missing := [file for file in files if file not in commit.tree]:
            raise ValueError(f"{tag} has no {', '.join(missing)}")
        blobs = {file: commit.tree[file].read_raw() for file in files}
        return [cut(decode(data), file, REPO, tag, str(commit.id)) for file, data in blobs.items()]
    if not path.is_dir():
        if path.name not in files:
            raise ValueError(f"there is a map of {', '.join(files)} only; call the copy by its name")
        return [cut(decode(path.read_bytes()), path.name)]
    found = [file for file in files if (path / file).is_file()]
    if not found:
        raise ValueError(f"the folder has no {' or '.join(files)}")
    return [cut(decode((path / file).read_bytes()), file) for file in found]


def decode(data: bytes) -> str:
    """Return source as text, whichever way its lines end."""
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def references(page: Page) -> set[str]:
    """Return the regions that a page owns or links to."""
    return {
        *page.meta.get("regions", []),
        *(link for section in page.sections for link in section.permalinks),
    }


def compare_all(versions: list[SourceMap]) -> None:
    """Print what has become of each region, the pages to read again, and how much holds."""
    pages = {path: references(page) for path, page in Project().pages("zh").items()}
    states, summaries = dict[str, str](), list[str]()
    for now in versions:
        then = source_maps()[now.file]
        linked = {name.removeprefix(f"{now.file}#") for names in pages.values() for name in names}
        regions = list(compare(then, now))
        lines = list(compare_lines(then, now, sorted(filter(LINES.fullmatch, linked))))
        print(*regions, *lines, sep="\n")
        summaries.append(summary(regions))
        states |= {f"{f.file}#{f.id}": f.state for f in regions if f.state in ("changed", "gone")}
        states |= {f"{f.file}#{f.id}": f.state for f in lines if f.state != "same"}  # their numbers are typed
    for path, names in pages.items():
        if stale := sorted(names & states.keys()):
            print(f"{path}: {', '.join(f'{name} {states[name]}' for name in stale)}")
    print(*summaries, sep="\n")


def write(maps: list[SourceMap], root: Path = ROOT) -> None:
    """Write each map where it belongs."""
    for one in maps:
        file = (root / MAPS / one.file).with_suffix(".json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(one.to_json(), "utf-8")
        print(f"wrote {file.relative_to(root)}: {len(one.regions)} regions, {len(one.lines)} lines")


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser("python -m tools.source_map", description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, metavar="PATH", help="a file, a folder, or with --tag a clone")
    parser.add_argument("files", nargs="*", metavar="FILE", help="which files of it; else those with a map")
    parser.add_argument("--tag", help="read the files at this tag or commit")
    parser.add_argument("--write", action="store_true", help="write the maps instead of comparing")
    options = parser.parse_args(arguments)
    if options.write and not options.tag:
        parser.error("--write needs a clone and --tag")
    if not options.write and (unknown := set(options.files) - source_maps().keys()):
        parser.error(f"no map of {', '.join(sorted(unknown))}; --write makes one")
    try:
        versions = read(options.path, options.files or list(source_maps()), options.tag)
    except (OSError, SyntaxError, ValueError, pygit2.GitError) as error:
        sys.exit(f"{options.path}: {getattr(error, 'strerror', None) or error}")
    (write if options.write else compare_all)(versions)


if __name__ == "__main__":
    main()
