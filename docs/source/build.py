"""What lets a page show ComfyUI's code beside the note, although the site holds no line of it.

`docs/tools` calls `start()` first, `serve()` where MkDocs serves, and `add()` at the end. The reader's
browser gets the text from the reader, from GitHub, or from the clone that COMFYUI names; the site tells it
what stands where.
"""

import base64
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pygit2
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer

from source import originals
from tools.model import LANGUAGES, ROOT, Page, Project
from tools.source_map import SourceMap, source_maps

HERE = Path(__file__).parent
IN_THE_PAGE = "source.js"  # theme/main.html has it
MAP_PAGE = "server/map"  # its table says what each region does
MAP_ROW = re.compile(r"^ *\| \[([\w/]+\.py#[^\]]+)\]\[\] \| (.+?) \|", re.MULTILINE)
SINCE_PAGE = "server/then-and-now"  # its table says what has changed, up to the version of this map
SINCE_MAP = "server/then_and_now/server.json"
SINCE_ROW = re.compile(r"^\| (?:`[^`]+` )?\[([\w/]+\.py)#([^\]]+)\]\[\] \| (.+) \|$", re.MULTILINE)
ASIDE = re.compile(r" \(\[[^)]+\)\)|（\[[^）]+）")  # a link to what the page says elsewhere
# Comments on lines of their own, types, empty lines and indentation: a quarter of the scripts.
COMMENT = re.compile(
    r"^[ \t]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)\n|/\*\* @type [^*]*\*/ ?|^[ \t]+|^\n", re.MULTILINE
)
TEXT = re.compile(r'text\("([^"]*)", "([^"]*)"\)')
STYLE_COMMENT = re.compile(r" */\*.*?\*/\n?", re.DOTALL)
MARKUP = re.compile(r"[`*\[]|\]\([^)]*\)")
REFUSED = "COMFYUI is for `mkdocs serve`: a built site must not hold ComfyUI's code. Build again without it."

served: dict[str, bytes] = {}  # the texts of the clone, by the name of the file; kept in memory only


def start(command: str) -> None:
    """Read the clone that COMFYUI names, if MkDocs serves; the English build inside of it is a `build` too.

    Raises:
        PluginError: The command makes a site for others, or the clone lacks the commit.
    """
    clone = os.environ.get("COMFYUI")
    if not clone or served:
        return
    if command != "serve":
        raise PluginError(REFUSED)
    served.update(read_clone(clone, source_maps()))


def read_clone(clone: str, maps: dict[str, SourceMap]) -> dict[str, bytes]:
    """Return the mapped files of `/path/to/clone`, or of `/path/to/clone@commit` for another version.

    Raises:
        PluginError: It is no clone, or has no such commit or file.
    """
    path, _, commit = clone.partition("@")
    try:
        repository = pygit2.Repository(path)
        return {
            file: repository.revparse_single(commit or known.commit).peel(pygit2.Commit).tree[file].read_raw()
            for file, known in maps.items()
        }
    except (KeyError, ValueError, pygit2.GitError) as error:
        raise PluginError(
            f"COMFYUI={clone} must name a clone that has the commit and its files: {error}"
        ) from error


def serve(server: LiveReloadServer) -> None:
    """Answer `source/server.py` and its like from memory."""
    inner = server.get_app()
    assert inner  # for the type check

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        folder, _, file = environ["PATH_INFO"].rpartition("/")
        if not folder.endswith("/source") or file not in served:
            return inner(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
        return [served[file]]

    if served:
        server.set_app(app)


def script(name: str) -> str:
    """Return a script as the browser gets it."""
    return COMMENT.sub("", (HERE / "browser" / name).read_text("utf-8"))


def script_in_page(language: str) -> str:
    """Return the script that each page of a language carries."""
    return TEXT.sub(lambda texts: f'"{texts[1 + LANGUAGES.index(language)]}"', script(IN_THE_PAGE))


def add(site: Path, root: Path = ROOT) -> None:
    """Put the scripts and what they know of each file into the built site's folder `source`."""
    folder = site / "source"
    folder.mkdir(exist_ok=True)
    style = (HERE / "browser/source.css").read_text("utf-8")
    (folder / "source.css").write_text(STYLE_COMMENT.sub("", style), "utf-8")
    for file in HERE.glob("browser/*.js"):
        if file.name != IN_THE_PAGE:
            (folder / file.name).write_text(script(file.name), "utf-8")
    for source in source_maps(root).values():
        for language in LANGUAGES:
            text = dump(facts(source, language, root))
            (folder / f"{source.file}.{language}.json").write_text(text, "utf-8")
            text = dump(since(source, language, root))
            (folder / f"{source.file}.since.{language}.json").write_text(text, "utf-8")
    for page in Project(root).all_pages():
        if found := originals.of_page(page):
            (folder / page.address).mkdir(parents=True, exist_ok=True)
            (folder / page.address / "original.json").write_text(dump(found), "utf-8")


def dump(data: object) -> str:
    """Return data as short as JSON can be."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def facts(source: SourceMap, language: str, root: Path = ROOT) -> dict[str, Any]:
    """Return what the scripts know of a file: its regions, who speaks of them, and a sum of each line."""
    pages = Project(root).pages(language)
    says = purposes(language, root)
    speaking = [page for page in pages.values() if page.path != MAP_PAGE and any(mentions(page, source))]
    notes: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for number, page in enumerate(speaking):
        for lines, anchor in mentions(page, source).items():
            notes.setdefault(lines, []).append((number, anchor))
    return {
        "tag": source.tag,
        "raw": f"https://raw.githubusercontent.com/{source.repo}/{source.commit}/{source.file}",
        "pages": [page_facts(page, root) for page in speaking],
        "regions": [
            [region.start, region.code_end, region.end, says.get(f"{source.file}#{region.id}", "")]
            for region in source.regions.values()
        ],
        "notes": [[*lines, said] for lines, said in sorted(notes.items())],
        "sums": pack(source.lines),
    }


def page_facts(page: Page, root: Path) -> list[str | int]:
    """Return the title of a page, its address, and whether it has proofs."""
    proofs = [1] if Project(root).proof_file(page.path).exists() else []
    return [MARKUP.sub("", page.title), page.address, *proofs]


@cache
def purposes(language: str, root: Path = ROOT) -> dict[str, str]:
    """Return what each region does, by `server.py#id`, as the map's table says it."""
    table = Project(root).pages(language, MAP_PAGE).get(MAP_PAGE)
    found = MAP_ROW.findall(table.source) if table else []
    return {name: MARKUP.sub("", text) for name, text in reversed(found)}  # the first row is the map's


def since(source: SourceMap, language: str, root: Path = ROOT) -> dict[str, Any]:
    """Return what has become of regions in a later version, as the table of `server/then-and-now` says it."""
    page = Project(root).pages(language, SINCE_PAGE).get(SINCE_PAGE)
    if not page:
        return {"tag": "", "address": "", "regions": []}
    table = next(section.text for section in page.sections if section.id == "changed")
    rows = [(source.region(id_), said) for file, id_, said in SINCE_ROW.findall(table) if file == source.file]
    return {
        "tag": json.loads(Project(root).snippet(SINCE_MAP).read_text("utf-8"))["tag"],
        "address": page.address,
        "regions": [
            (region.start, region.code_end, MARKUP.sub("", ASIDE.sub("", said))) for region, said in rows
        ],
    }


def mentions(page: Page, source: SourceMap) -> dict[tuple[int, int], str]:
    """Return the lines of a file that a page speaks of, each with the heading where it does so first.

    What stands at the top of the page counts last: it names much, and explains little.
    """
    sections = sorted(page.sections, key=lambda section: section.level == 1)
    names: Iterator[tuple[str, str]] = (
        (name, section.id or "") for section in sections for name in section.permalinks
    )
    found: dict[tuple[int, int], str] = {}
    for name, anchor in [*names, *((name, "") for name in page.meta.get("regions", []))]:
        file, _, id_ = name.partition("#")
        if file == source.file:
            region = source.region(id_)
            found.setdefault((region.start, region.code_end), anchor)
    return found


def explained(source: SourceMap, language: str, root: Path = ROOT) -> list[tuple[int, int, str, str]]:
    """Return for each region its first and last line, what it does, and where a page explains it.

    That is the page that owns it, else one that links to it, else what the region around it has.
    """
    pages, says = Project(root).pages(language), purposes(language, root)
    owners = {name: page for page in pages.values() for name in page.meta.get("regions", [])}
    found: dict[str | None, tuple[str, str]] = {None: ("", pages[MAP_PAGE].address)}
    for region in source.regions.values():
        name, lines = f"{source.file}#{region.id}", (region.start, region.code_end)
        first = [owners[name]] if name in owners else []
        speaking = [page for page in (*first, *pages.values()) if lines in mentions(page, source)]
        around, address = found[region.parent]
        if speaking := [page for page in speaking if page.path != MAP_PAGE]:
            anchor = mentions(speaking[0], source)[lines]
            address = speaking[0].address + (f"#{anchor}" if anchor else "")
        found[region.id] = (says.get(name, around), address)
    return [(r.start, r.code_end, *found[r.id]) for r in source.regions.values()]


def pack(lines: Iterable[str]) -> str:
    """Return 24 bits of the sum of each line, four characters of Base64 a line."""
    return base64.b64encode(b"".join(bytes.fromhex(line[:6]) for line in lines)).decode()
